package bridge.bailey.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Consul said are the words of 1.8.7 and 1.22.3. */
class RuleTest {

    private static final Optional<Rule> GUESS = Optional.of(new Rule("service", "web", "write"));

    @Test
    void aRuleReadsAsInAPolicy() {
        assertThat(new Rule("node_prefix", "vm-east-", "write"))
                .hasToString("node_prefix \"vm-east-\" { policy = \"write\" }");
    }

    @Test
    void whereConsulSaysNoMoreThanDeniedTheRuleIsThatOfTheOperation() {
        assertThat(Rule.explained("Permission denied", GUESS))
                .isEqualTo("the policy of Bailey's token needs service \"web\" { policy = \"write\" };"
                        + " Consul says: Permission denied");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Permission denied: token with AccessorID '3dfda9de' lacks permission 'node:write' on \"k8s-a\"|node \"k8s-a\" { policy = \"write\" }",
                "Permission denied: anonymous token lacks permission 'key:read' on \"bailey/a/leader\". The anonymous token is used implicitly when a request does not specify a token.|key \"bailey/a/leader\" { policy = \"read\" }",
            })
    void whatConsulSaysCountsForMore(String words, String rule) {
        assertThat(Rule.explained(words, GUESS))
                .isEqualTo("the policy of Bailey's token needs " + rule + "; Consul says: " + words);
    }

    @Test
    void whatIsWrittenNextIsAskedForAtOnce() {
        String words = "Permission denied: token lacks permission 'key:read' on \"bailey/a/leader\"";
        assertThat(Rule.explained(words, Optional.of(new Rule("key", "bailey/a/leader", "write"))))
                .isEqualTo("the policy of Bailey's token needs key \"bailey/a/leader\" { policy = \"write\" };"
                        + " Consul says: " + words);
    }

    @Test
    void otherWordsStayAsTheyAre() {
        assertThat(Rule.explained("index is stale", GUESS)).isEqualTo("index is stale");
        assertThat(Rule.explained("Permission denied", Optional.empty())).isEqualTo("Permission denied");
        assertThat(Rule.explained("Permission denied: token lacks permission 'acl:read'", Optional.empty()))
                .isEqualTo("Permission denied: token lacks permission 'acl:read'");
    }

    @Test
    void eachOperationTellsItsRule() {
        Txn.Service service = new Txn.Service("id", "web", "10.0.0.1", 80, List.of(), Map.of(), 1);
        Txn.Check check = new Txn.Check("id:readiness", "Readiness", "id", "web", "passing", "");
        Txn.Check ofNode = new Txn.Check("id", "Alive", "", "", "passing", "");
        assertThat(Rule.forOperation(Txn.setNode("n", "10.0.0.1", Map.of(), 0))).hasValue(rule("node", "n"));
        assertThat(Rule.forOperation(Txn.deleteNode("n", 1))).hasValue(rule("node", "n"));
        assertThat(Rule.forOperation(Txn.setService("n", service, 0))).hasValue(rule("service", "web"));
        assertThat(Rule.forOperation(Txn.deleteService("n", "id", "web", 1))).hasValue(rule("service", "web"));
        assertThat(Rule.forOperation(Txn.setCheck("n", check, 0))).hasValue(rule("service", "web"));
        assertThat(Rule.forOperation(Txn.setCheck("n", ofNode, 0))).hasValue(rule("node", "n"));
    }

    @ParameterizedTest
    @CsvSource({"cas, write", "set, write", "delete-cas, write", "check-index, read", "get, read"})
    void aKeyIsReadOrWritten(String verb, String policy) {
        String operation = "{\"KV\": {\"Verb\": \"" + verb + "\", \"Key\": \"bailey/a/leader\", \"Index\": 1}}";
        assertThat(Rule.forOperation(operation.getBytes(StandardCharsets.UTF_8)))
                .hasValue(new Rule("key", "bailey/a/leader", policy));
    }

    @Test
    void whatIsNoOperationTellsNone() {
        assertThat(Rule.forOperation("{}".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(Rule.forOperation("[".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    private static Rule rule(String resource, String name) {
        return new Rule(resource, name, "write");
    }
}
