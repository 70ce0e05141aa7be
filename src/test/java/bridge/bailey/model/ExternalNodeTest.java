package bridge.bailey.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExternalNodeTest {

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource({
        "i-0abc, vm-east-i-0abc",
        "Billing-1, vm-east-billing-1",
        "10.20.0.11, vm-east-10-20-0-11",
        "2001:db8::1, vm-east-2001-db8--1",
        "a_b c/d, vm-east-a-b-c-d"
    })
    void theNameOfAMachinesNodeIsFitForDnsAndSaysWhoseItIs(String id, String name) {
        assertThat(ExternalNode.of("east", id, "10.20.0.11")).isEqualTo(new ExternalNode(name, "10.20.0.11"));
    }

    @Test
    void namesIgnoreCaseAsConsulDoes() {
        assertThat(new ExternalNode("VM-1", "10.0.0.1")).isEqualTo(new ExternalNode("vm-1", "10.0.0.1"));
    }
}
