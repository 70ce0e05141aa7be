package bridge.bailey.target;

import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.source.KubeMarks;
import bridge.bailey.target.Outcome.Kind;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes the changes of one service key: first its Service, since the slices name it as their owner; then the slices that
 * are new or differ; then those that go, and last the Service if it goes.
 */
final class MirrorWriter {

    private static final String SUFFIX = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX_LENGTH = 6;
    private static final int LONGEST_NAME = 253;

    private final KubernetesClient client;
    private final OwnWrites known;
    private final BooleanSupplier mandate;
    private final RandomGenerator random;

    MirrorWriter(KubernetesClient client, OwnWrites known, BooleanSupplier mandate, RandomGenerator random) {
        this.client = client;
        this.known = known;
        this.mandate = mandate;
        this.random = random;
    }

    private static final Done NOT_OURS =
            new Done(Kind.FENCED, "this Bailey does not lead, or can't be sure that it does");

    /** What became of a write; the message is "" if it was made. */
    private record Done(Kind kind, String message) {
        static final Done APPLIED = new Done(Kind.APPLIED, "");

        boolean failed() {
            return kind != Kind.APPLIED;
        }
    }

    List<Outcome<MirrorItem>> write(ServiceKey key, List<Change<MirrorItem>> changes) {
        Map<String, MirrorEndpoint> wanted = new LinkedHashMap<>();
        known.mirrorSlices(key).forEach(s -> s.endpoints().forEach(e -> wanted.put(e.id(), withoutFlaws(e))));
        Optional<Change<MirrorItem>> service = Optional.empty();
        List<Change<MirrorItem>> endpoints = new ArrayList<>();
        for (Change<MirrorItem> change : changes) {
            if (change.item() instanceof MirrorEndpoint endpoint) {
                endpoints.add(change);
                if (change.action() == Change.Action.DELETE) {
                    wanted.remove(endpoint.id());
                } else {
                    wanted.put(endpoint.id(), endpoint);
                }
            } else {
                service = Optional.of(change);
            }
        }
        List<Outcome<MirrorItem>> outcomes = new ArrayList<>();
        if (service.isPresent() && service.get().action() != Change.Action.DELETE) {
            Done done = put(key, service.get());
            outcomes.add(outcome(service.get(), done));
            if (done.failed()) {
                endpoints.forEach(change -> outcomes.add(outcome(change, done)));
                return outcomes;
            }
        }
        Map<String, Done> byEndpoint = writeSlices(key, wanted.values());
        endpoints.forEach(change -> outcomes.add(outcome(change, byEndpoint.getOrDefault(change.id(), Done.APPLIED))));
        if (service.isPresent() && service.get().action() == Change.Action.DELETE) {
            outcomes.add(outcome(service.get(), delete(key)));
        }
        return outcomes;
    }

    private static MirrorEndpoint withoutFlaws(MirrorEndpoint e) {
        return new MirrorEndpoint(e.key(), e.legacyService(), e.address(), e.ports(), e.readiness(), e.zone(), "");
    }

    private static Outcome<MirrorItem> outcome(Change<MirrorItem> change, Done done) {
        return new Outcome<>(change, done.kind(), done.message());
    }

    private Done put(ServiceKey key, Change<MirrorItem> change) {
        if (!(change.item() instanceof MirrorService wanted)) {
            throw new IllegalArgumentException("not a Service: " + change);
        }
        return attempt(key, () -> {
            if (change instanceof Change.Update<MirrorItem> update) {
                update(key, (MirrorService) update.before(), wanted);
            } else {
                known.wrote(
                        key,
                        client.services()
                                .resource(MirrorObjects.service(wanted))
                                .create());
            }
        });
    }

    private void update(ServiceKey key, MirrorService before, MirrorService wanted) {
        Service live = live(key);
        if (betweenHeadlessAndNot(before.type(), wanted.type())) {
            // Its cluster address can't be changed, so it has to be made anew.
            client.resource(live).lockResourceVersion().delete();
            known.wrote(
                    key,
                    client.services().resource(MirrorObjects.service(wanted)).create());
        } else {
            known.wrote(key, client.resource(MirrorObjects.put(live, wanted)).update());
        }
    }

    private static boolean betweenHeadlessAndNot(MirrorService.Type one, MirrorService.Type other) {
        return one != other && one != MirrorService.Type.EXTERNAL_NAME && other != MirrorService.Type.EXTERNAL_NAME;
    }

    /** The Service as it is now, since the informers' copies lack what Bailey has no use for. */
    private Service live(ServiceKey key) {
        Service live = client.services()
                .inNamespace(key.namespace())
                .withName(key.name())
                .get();
        if (live == null || !KubeMarks.ours(live)) {
            throw new ChangedMeanwhile("Service " + key + " is no longer ours, or gone");
        }
        return live;
    }

    private Done delete(ServiceKey key) {
        return attempt(key, () -> {
            Service live = live(key);
            if (live.getSpec() != null
                    && live.getSpec().getSelector() != null
                    && !live.getSpec().getSelector().isEmpty()) {
                // Somebody made it serve pods: it is theirs now.
                known.wrote(key, client.resource(MirrorObjects.release(live)).update());
            } else {
                client.resource(live).lockResourceVersion().delete();
                known.deleted(key, live);
            }
        });
    }

    private Map<String, Done> writeSlices(ServiceKey key, Collection<MirrorEndpoint> wanted) {
        Map<String, Done> byEndpoint = new HashMap<>();
        Map<String, EndpointSlice> slices = new HashMap<>();
        known.slices(key).forEach(slice -> slices.put(slice.getMetadata().getName(), slice));
        Optional<Service> owner = known.service(key);
        boolean keep = false;
        for (Slicing.Write write : Slicing.writes(known.mirrorSlices(key), wanted)) {
            Done done;
            if (write.isDelete()) {
                // What is new must be there before what it replaces goes.
                done = keep
                        ? new Done(Kind.CONFLICT, "what replaces it could not be written")
                        : delete(key, slices, write);
            } else if (owner.isEmpty()) {
                done = new Done(Kind.CONFLICT, "Service " + key + " is gone");
            } else {
                done = putWithoutRefused(key, owner.get(), slices, write, byEndpoint);
                keep |= done.kind() == Kind.CONFLICT || done.kind() == Kind.UNAVAILABLE || done.kind() == Kind.FENCED;
            }
            Done result = done;
            write.affected().forEach(id -> byEndpoint.merge(id, result, (one, other) -> one.failed() ? one : other));
        }
        return byEndpoint;
    }

    private Done delete(ServiceKey key, Map<String, EndpointSlice> slices, Slicing.Write write) {
        EndpointSlice slice = slices.get(write.name().orElseThrow());
        return attempt(key, () -> {
            client.resource(slice).lockResourceVersion().delete();
            known.deleted(key, slice);
        });
    }

    /** One endpoint that the API server refuses must not keep the others of its slice out. */
    private Done putWithoutRefused(
            ServiceKey key,
            Service owner,
            Map<String, EndpointSlice> slices,
            Slicing.Write write,
            Map<String, Done> byEndpoint) {
        List<MirrorEndpoint> endpoints = new ArrayList<>(write.endpoints());
        while (true) {
            if (!mandate.getAsBoolean()) {
                return NOT_OURS;
            }
            Attempt attempt = new Attempt(key, () -> put(key, owner, slices, write, endpoints));
            Done done = attempt.done;
            if (done.kind() != Kind.REFUSED && done.kind() != Kind.FORBIDDEN) {
                return done;
            }
            List<MirrorEndpoint> culprits = RefusedEndpoints.in(attempt.failure, endpoints);
            if (culprits.isEmpty() || culprits.size() == endpoints.size()) {
                return done;
            }
            culprits.forEach(e -> byEndpoint.put(e.id(), done));
            endpoints.removeAll(culprits);
        }
    }

    private void put(
            ServiceKey key,
            Service owner,
            Map<String, EndpointSlice> slices,
            Slicing.Write write,
            List<MirrorEndpoint> endpoints) {
        Slicing.Group group = write.group().orElseThrow();
        Optional<EndpointSlice> before = write.name().map(slices::get);
        ObjectMeta meta = before.map(EndpointSlice::getMetadata).orElseGet(() -> newMeta(key));
        EndpointSlice slice = MirrorObjects.slice(meta, owner, group, endpoints);
        known.wrote(
                key,
                before.isPresent()
                        ? client.resource(slice).update()
                        : client.resource(slice).create());
    }

    private ObjectMeta newMeta(ServiceKey key) {
        StringBuilder suffix = new StringBuilder("-legacy-");
        random.ints(SUFFIX_LENGTH, 0, SUFFIX.length()).forEach(i -> suffix.append(SUFFIX.charAt(i)));
        String prefix = key.name().substring(0, Math.min(key.name().length(), LONGEST_NAME - suffix.length()));
        return new ObjectMetaBuilder()
                .withNamespace(key.namespace())
                .withName(prefix + suffix)
                .build();
    }

    private Done attempt(ServiceKey key, Runnable write) {
        if (!mandate.getAsBoolean()) {
            return NOT_OURS;
        }
        return new Attempt(key, write).done;
    }

    private static final class ChangedMeanwhile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ChangedMeanwhile(String message) {
            super(message);
        }
    }

    /** A write, and what became of it. */
    private final class Attempt {
        private final Done done;
        private final KubernetesClientException failure;

        Attempt(ServiceKey key, Runnable write) {
            Done result = Done.APPLIED;
            KubernetesClientException caught = null;
            try {
                write.run();
            } catch (ChangedMeanwhile e) {
                result = new Done(Kind.CONFLICT, e.getMessage());
            } catch (KubernetesClientException e) {
                caught = e;
                result = new Done(ApiFailures.kindOf(e), ApiFailures.messageOf(e));
            }
            if (result.kind() == Kind.CONFLICT) {
                known.forget(key);
            }
            done = result;
            failure = caught;
        }
    }
}
