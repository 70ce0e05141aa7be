package bridge.bailey.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ec2QueryTest {

    @ParameterizedTest
    @CsvSource({
        "eu-central-1, '',                                 ec2/eu-central-1",
        "eu-central-1, arn:aws:iam::123456789012:role/r:x, ec2/eu-central-1/123456789012",
        "eu-central-1, nonsense,                           ec2/eu-central-1",
        "'',           '',                                 ec2/default",
    })
    void anOriginNamesTheRegionAndTheAccount(String region, String role, String origin) {
        assertThat(new Ec2Query(region, role, List.of()).origin()).isEqualTo(origin);
    }
}
