package bridge.bailey.docs;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.Ec2Tags;
import bridge.bailey.desired.Ec2Tags.Tagged;
import bridge.bailey.model.Ec2Instance;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/ec2.md offers to be copied works. */
class Ec2DocTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String page;

    Ec2DocTest() throws IOException {
        page = Files.readString(Path.of("docs/ec2.md"));
    }

    @Test
    void policiesAreJsonAndAllowWhatBaileyNeedsAndNoMore() {
        List<JsonNode> policies =
                blocks("json").stream().map(Ec2DocTest::parsed).toList();

        assertThat(policies)
                .allSatisfy(
                        policy -> assertThat(policy.path("Version").asText()).isEqualTo("2012-10-17"));
        assertThat(policies)
                .extracting(policy -> policy.path("Statement").path(0))
                .extracting(statement -> statement.path("Effect").asText() + " "
                        + statement.path("Action").asText())
                .containsExactly(
                        "Allow ec2:DescribeInstances",
                        "Allow sts:AssumeRole",
                        "Allow sts:AssumeRole",
                        "Allow sts:AssumeRoleWithWebIdentity");
        assertThat(policies)
                .allSatisfy(policy -> assertThat(policy.path("Statement")).hasSize(1));
        assertThat(policies.get(0).at("/Statement/0/Resource").asText()).isEqualTo("*");
        assertThat(policies.get(1).at("/Statement/0/Resource"))
                .extracting(JsonNode::asText)
                .allSatisfy(role -> assertThat(page).contains("roles: ").contains(role));
    }

    @Test
    void theTagsOfTheTerraformSnippetsCanBeRead() {
        List<Tagged> read = blocks("hcl").stream()
                .map(Ec2DocTest::tags)
                .map(Ec2DocTest::read)
                .toList();

        assertThat(read).hasSize(2).allSatisfy(tagged -> assertThat(tagged.findings())
                .isEmpty());
        assertThat(read)
                .extracting(tagged -> tagged.services().stream()
                        .map(service -> service.key().toString())
                        .toList())
                .containsExactly(List.of("shop/billing", "shop/billing-admin"), List.of("shop/billing"));
    }

    @Test
    void theExamplesOfTheTableCanBeRead() {
        String table = page.substring(page.indexOf("| `bailey:service` | means |"), page.indexOf("### Terraform"));
        List<String> examples = Pattern.compile("(?m)^\\| `([^`]+)` \\| (?!means)")
                .matcher(table)
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(examples).hasSize(4).allSatisfy(example -> {
            Tagged tagged = read(Map.of(Ec2Tags.SERVICE, example));
            assertThat(tagged.findings()).isEmpty();
            assertThat(tagged.services()).isNotEmpty();
        });
    }

    private static Tagged read(Map<String, String> tags) {
        return Ec2Tags.read(new Ec2Instance("i-1", "10.0.0.1", "", "", "", false, tags), "default");
    }

    private static Map<String, String> tags(String terraform) {
        Map<String, String> tags = new TreeMap<>();
        Matcher tag =
                Pattern.compile("\"(bailey:[^\"]+)\"\\s*=\\s*\"([^\"]*)\"").matcher(terraform);
        while (tag.find()) {
            tags.put(tag.group(1), tag.group(2));
        }
        return tags;
    }

    private List<String> blocks(String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static JsonNode parsed(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
