package bridge.bailey.model;

/** What the cluster holds for a legacy service: a Service, and its endpoints. */
public sealed interface MirrorItem extends Item permits MirrorService, MirrorEndpoint {

    /** The LegacyService that it stands for, or the name of the service if tags alone declare it. */
    String legacyService();

    /** The name under which pods find it. */
    @Override
    default String name() {
        return key().name() + "." + key().namespace();
    }
}
