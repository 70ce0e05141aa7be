package bridge.bailey.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.Ec2Query.Filter;
import bridge.bailey.source.AwsEc2;
import bridge.bailey.source.Ec2Exception;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The local EC2 answers as the real one does, as far as Bailey looks. */
class LocalEc2Test {

    private final LocalEc2 ec2 = LocalEc2.start();
    private final AwsEc2 api = new AwsEc2("test", ec2.url());

    @BeforeEach
    void start() {
        ec2.put(
                machine("i-1", Map.of("app", "billing", "bailey:service", "x")),
                machine("i-2", Map.of("app", "users")));
    }

    @AfterEach
    void stop() {
        api.close();
        ec2.close();
    }

    @Test
    void filtersChooseAndAllMustMatch() throws Ec2Exception {
        assertThat(ids(new Filter("tag:app", List.of("billing", "orders")))).containsExactly("i-1");
        assertThat(ids(new Filter("tag:app", List.of("?ill*", "user")))).containsExactly("i-1");
        assertThat(ids(new Filter("tag-key", List.of("app")))).containsExactly("i-1", "i-2");
        assertThat(ids(new Filter("tag-key", List.of("bailey:*")))).containsExactly("i-1");
        assertThat(ids(new Filter("tag-key", List.of("app")), new Filter("tag:app", List.of("users"))))
                .containsExactly("i-2");
        assertThat(ids(new Filter("availability-zone", List.of("eu-west-1a")))).isEmpty();
    }

    @Test
    void anUnknownFilterIsRefused() {
        assertThatThrownBy(() -> ids(new Filter("tga:app", List.of("x"))))
                .isInstanceOf(Ec2Exception.class)
                .hasMessageEndingWith("The filter 'tga:app' is invalid");
    }

    @Test
    void instancesComeChangeAndGo() throws Ec2Exception {
        ec2.setState("i-1", "stopped");
        assertThat(ids()).containsExactly("i-2");
        ec2.setState("i-1", "running");
        ec2.remove("i-2");
        assertThat(ids()).containsExactly("i-1");
    }

    private List<String> ids(Filter... filters) throws Ec2Exception {
        return api.instances(new Ec2Query("eu-central-1", "", List.of(filters))).stream()
                .map(Ec2Instance::id)
                .toList();
    }

    private static Ec2Instance machine(String id, Map<String, String> tags) {
        return new Ec2Instance(id, "127.0.0.2", "", "", "eu-central-1a", false, tags);
    }
}
