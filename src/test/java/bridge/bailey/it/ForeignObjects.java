package bridge.bailey.it;

import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/** A Service of others and its slice, beside the mirrors: each is still the same afterwards, to its resource version. */
final class ForeignObjects {

    private final Cluster cluster;
    private final List<HasMetadata> objects;

    private ForeignObjects(Cluster cluster, List<HasMetadata> objects) {
        this.cluster = cluster;
        this.objects = objects;
    }

    /** Puts them into a namespace. */
    static ForeignObjects in(Cluster cluster, String namespace) {
        List<HasMetadata> made =
                List.of(service(namespace, "theirs"), slice(namespace, "theirs-1", "theirs", ready("10.9.9.7")));
        made.forEach(cluster::apply);
        return new ForeignObjects(
                cluster,
                made.stream()
                        .map(object -> cluster.client().resource(object).get())
                        .toList());
    }

    void assertUntouched() {
        assertThat(objects).allSatisfy(object -> {
            HasMetadata now = cluster.client().resource(object).get();
            assertThat(now).as("%s of others", object.getKind()).isNotNull();
            assertThat(now.getMetadata().getResourceVersion())
                    .isEqualTo(object.getMetadata().getResourceVersion());
        });
    }
}
