package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.Ec2Tags.Tagged;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Finding;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.TaggedService.TagPort;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** No tag, however odd, stops what can be read from being served. */
class Ec2TagsPropertyTest {

    private static final ServiceKey GOOD = new ServiceKey("shop", "good-one");

    @Property
    void whateverTheTagsSayReadingEndsAndFindingsNameTheInstance(@ForAll("tags") Map<String, String> tags) {
        Tagged tagged = read(tags);

        assertThat(tagged.findings()).allSatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.INVALID_TAG);
            assertThat(finding.subject()).isEqualTo(Finding.Subject.ec2Instance("i-1"));
            assertThat(finding.message()).isNotEmpty();
            assertThat(finding.text())
                    .startsWith("EC2 instance i-1 tags[\"bailey:")
                    .doesNotContain("\n");
            assertThat(tags)
                    .containsKey(finding.field().substring(6, finding.field().length() - 2));
        });
        assertThat(tagged.services()).allSatisfy(service -> {
            assertThat(service.key().name())
                    .matches("[a-z]([-a-z0-9]*[a-z0-9])?")
                    .hasSizeLessThanOrEqualTo(63);
            assertThat(service.ports()).allSatisfy(port -> {
                assertThat(port.port()).isBetween(1, 65535);
                assertThat(port.targetPort()).isBetween(1, 65535);
            });
            assertThat(service.ports()).extracting(TagPort::port).doesNotHaveDuplicates();
        });
        assertThat(tagged.services())
                .extracting(service -> service.key())
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Property
    void aReadableWordSurvivesAnyGarbageBesideIt(
            @ForAll("tags") Map<String, String> others, @ForAll("words") String before, @ForAll("words") String after) {
        Map<String, String> tags = new TreeMap<>(others);
        tags.put("bailey:service", before + " shop/good-one:70=7000 " + after);

        assertThat(read(tags).services())
                .filteredOn(service -> service.key().equals(GOOD))
                .singleElement()
                .satisfies(service -> assertThat(service.ports()).contains(new TagPort(70, 7000)));
    }

    @Property
    void everyWordIsServedOrReported(@ForAll("words") String words) {
        Tagged tagged = read(Map.of("bailey:service", words));

        List<String> all = Stream.of(words.split("[\\s\\p{Z}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
        long reported = tagged.findings().size();
        long named = all.stream()
                .filter(word -> TagWord.of(word).problem().isEmpty())
                .count();
        assertThat(reported).isGreaterThanOrEqualTo(all.size() - named);
        assertThat(tagged.services().isEmpty()).isEqualTo(named == 0);
    }

    private static Tagged read(Map<String, String> tags) {
        return Ec2Tags.read(new Ec2Instance("i-1", "10.0.0.1", "", "", "", false, tags), "default");
    }

    @Provide
    Arbitrary<Map<String, String>> tags() {
        Arbitrary<String> names = Arbitraries.of(
                "bailey:service",
                "bailey:namespace",
                "bailey:probe",
                "bailey:probe.a",
                "bailey:metrics",
                "bailey:",
                "Name");
        return Arbitraries.maps(
                names, Arbitraries.oneOf(words(), Arbitraries.strings().ofMaxLength(20)));
    }

    /** Words that are nearly right, some that are, and some that are anything. */
    @Provide
    Arbitrary<String> words() {
        Arbitrary<String> nearly = Combinators.combine(
                        Arbitraries.of("", "shop/", "Shop/", "/", "a/b/"),
                        Arbitraries.of("a", "b-2", "good-two", "", "X", "9", "a_b", "none", "tcp", "http"),
                        Arbitraries.of(
                                "", ":80", ":80=8080", ":0", ":", ":x", ":1=", "=2", ":65536", ":1:2", ",", ":/x"))
                .as((namespace, name, port) -> namespace + name + port);
        Arbitrary<String> anything = Arbitraries.strings().ofMaxLength(12);
        return Arbitraries.oneOf(nearly, nearly, anything).list().ofMaxSize(6).map(words -> String.join(" ", words));
    }
}
