package bridge.bailey.target;

import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.IpFamily;
import bridge.bailey.model.MirrorEndpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Spreads the endpoints of one service over slices, with as few writes as possible. Pure.
 *
 * <ol>
 *   <li>An endpoint stays in its slice, as long as the slice has its family and its ports.
 *   <li>New endpoints fill the slices that are written anyway, then the fullest slice that takes all of the rest, then
 *       new slices.
 *   <li>A slice that became empty is used again for what would be a new one, or deleted. None is rebalanced.
 * </ol>
 */
final class Slicing {

    /** As the controllers of Kubernetes have it; the API server would take 1,000. */
    static final int MOST_ENDPOINTS = 100;

    private Slicing() {}

    /** What all endpoints of a slice have in common. */
    record Group(IpFamily family, List<EndpointPort> ports, String legacyService) {
        static Group of(MirrorEndpoint endpoint) {
            return new Group(IpFamily.of(endpoint.address()), endpoint.ports(), endpoint.legacyService());
        }
    }

    /** A slice as it is. */
    record Slice(String name, IpFamily family, List<MirrorEndpoint> endpoints) {
        Slice {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * A write of one slice.
     *
     * @param name of the slice that there is; empty to create one
     * @param group empty to delete it
     * @param endpoints what it holds afterwards
     * @param affected the ids of the endpoints that the write changes, adds or removes
     */
    record Write(Optional<String> name, Optional<Group> group, List<MirrorEndpoint> endpoints, Set<String> affected) {
        Write {
            endpoints = List.copyOf(endpoints);
        }

        boolean isDelete() {
            return group.isEmpty();
        }
    }

    /** The writes that make the slices hold these endpoints: first those that create or update, then deletions. */
    static List<Write> writes(Collection<Slice> slices, Collection<MirrorEndpoint> wanted) {
        Map<Group, Map<String, MirrorEndpoint>> missing = new LinkedHashMap<>();
        wanted.forEach(e ->
                missing.computeIfAbsent(Group.of(e), g -> new LinkedHashMap<>()).put(e.id(), e));
        List<Draft> drafts = slices.stream()
                .sorted(Comparator.comparing(Slice::name))
                .map(slice -> Draft.of(slice, missing))
                .toList();
        List<Draft> all = new ArrayList<>(drafts);
        missing.forEach((group, endpoints) -> place(group, new ArrayList<>(endpoints.values()), all));
        List<Write> writes = new ArrayList<>();
        all.stream()
                .filter(Draft::changed)
                .map(Draft::write)
                .filter(w -> !w.isDelete())
                .forEach(writes::add);
        all.stream()
                .filter(Draft::changed)
                .map(Draft::write)
                .filter(Write::isDelete)
                .forEach(writes::add);
        return writes;
    }

    private static void place(Group group, List<MirrorEndpoint> endpoints, List<Draft> drafts) {
        drafts.stream().filter(d -> d.isOf(group) && d.changed()).forEach(d -> d.take(group, endpoints));
        drafts.stream()
                .filter(d -> !endpoints.isEmpty() && d.isOf(group) && d.room() >= endpoints.size())
                .min(Comparator.comparingInt(Draft::room))
                .ifPresent(d -> d.take(group, endpoints));
        // One that would be deleted does as well as a new one.
        drafts.stream()
                .filter(d -> d.endpoints.isEmpty() && d.family == group.family())
                .forEach(d -> d.take(group, endpoints));
        while (!endpoints.isEmpty()) {
            Draft fresh = new Draft(Optional.empty(), group.family(), List.of());
            fresh.take(group, endpoints);
            drafts.add(fresh);
        }
    }

    /** A slice as it will be. */
    private static final class Draft {
        private final Optional<String> name;
        private final IpFamily family;
        private final List<MirrorEndpoint> before;
        private final List<MirrorEndpoint> endpoints = new ArrayList<>();
        private Group group;

        Draft(Optional<String> name, IpFamily family, List<MirrorEndpoint> before) {
            this.name = name;
            this.family = family;
            this.before = before;
        }

        /** Keeps what is still wanted there, and takes it off what is missing. */
        static Draft of(Slice slice, Map<Group, Map<String, MirrorEndpoint>> missing) {
            Draft draft = new Draft(Optional.of(slice.name()), slice.family(), slice.endpoints());
            if (!slice.endpoints().isEmpty()) {
                draft.group = Group.of(slice.endpoints().get(0));
                Map<String, MirrorEndpoint> wanted = missing.getOrDefault(draft.group, new HashMap<>());
                slice.endpoints().stream()
                        .map(e -> wanted.remove(e.id()))
                        .filter(Objects::nonNull)
                        .forEach(draft.endpoints::add);
            }
            return draft;
        }

        boolean isOf(Group wanted) {
            return !endpoints.isEmpty() && wanted.equals(group);
        }

        boolean changed() {
            return endpoints.isEmpty() || !endpoints.equals(before);
        }

        int room() {
            return MOST_ENDPOINTS - endpoints.size();
        }

        void take(Group wanted, List<MirrorEndpoint> from) {
            while (room() > 0 && !from.isEmpty()) {
                group = wanted;
                endpoints.add(from.remove(0));
            }
        }

        Write write() {
            Set<String> affected = new LinkedHashSet<>();
            before.stream().filter(e -> !endpoints.contains(e)).forEach(e -> affected.add(e.id()));
            endpoints.stream().filter(e -> !before.contains(e)).forEach(e -> affected.add(e.id()));
            return new Write(name, endpoints.isEmpty() ? Optional.empty() : Optional.of(group), endpoints, affected);
        }
    }
}
