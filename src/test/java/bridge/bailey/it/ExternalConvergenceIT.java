package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.CatalogEntry.Status;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.target.Outcome;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/**
 * Whatever happens to machines, and whatever others do to their nodes: in the end a real Consul has the machines that there
 * are with their services, no others of ours, and everything of others.
 */
class ExternalConvergenceIT {

    private static final String[] SERVICES = {"billing", "users", "orders"};
    private static final String[] MACHINES = {"i-1", "i-2", "i-3"};

    /** One thing that happens; what it is about is told by small numbers, so that a failure shrinks well. */
    record Step(Kind kind, int service, int machine, int variant) {
        enum Kind {
            PUT,
            REMOVE,
            MACHINE_GOES,
            MACHINE_GETS_ANOTHER_ADDRESS,
            POD,
            PASS,
            FULL_PASS,
            RESTART,
            OTHERS_DELETE_THE_NODE,
            OTHERS_DELETE_AN_ENTRY,
            OTHERS_CHANGE_AN_ENTRY,
            OTHERS_ERASE_THE_MARKS,
            OTHERS_CHANGE_THE_ADDRESS,
            FOREIGN_SERVICE,
            FOREIGN_SERVICE_GOES,
            FOREIGN_NODE,
            FOREIGN_NODE_GOES
        }
    }

    @Provide
    Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.of(Step.Kind.class),
                        Arbitraries.integers().between(0, SERVICES.length - 1),
                        Arbitraries.integers().between(0, MACHINES.length - 1),
                        Arbitraries.integers().between(0, 3))
                .as(Step::new);
    }

    @Property(tries = 150)
    void anySequenceEndsWithTheMachinesThatThereAre(@ForAll @Size(min = 5, max = 50) List<@From("steps") Step> steps) {
        World world = new World();
        try {
            steps.forEach(world::happens);
            world.settleAndCheck();
        } finally {
            world.close();
        }
    }

    private static final class World {

        private final LocalConsul consul = SharedConsul.get();
        private final Map<String, Integer> addresses = new TreeMap<>();
        private final Map<String, Set<String>> foreignServices = new TreeMap<>();
        private final Set<String> foreignNodes = new TreeSet<>();
        private Machines machines = new Machines(consul);

        private String address(String machine) {
            return "10.20." + addresses.getOrDefault(machine, 0) + "."
                    + (List.of(MACHINES).indexOf(machine) + 1);
        }

        private String node(String machine) {
            return machines.node(machine);
        }

        private boolean exists(String machine) {
            return nodeOf(machine).isObject();
        }

        private JsonNode nodeOf(String machine) {
            return consul.get("catalog/node-services/" + node(machine)).path("Node");
        }

        private void txn(String operation) {
            consul.put("txn", "[" + operation + "]");
        }

        void happens(Step step) {
            String service = SERVICES[step.service()];
            String machine = MACHINES[step.machine()];
            switch (step.kind()) {
                case PUT ->
                    machines.put(
                            service,
                            machine,
                            address(machine),
                            List.of(Status.values()).get(step.variant() % 3));
                case REMOVE ->
                    machines.desired().values().forEach(entries -> entries.values()
                            .removeIf(entry -> entry.key().name().equals(service) && isOn(entry, machine)));
                case MACHINE_GOES ->
                    machines.desired().values().forEach(entries -> entries.values()
                            .removeIf(entry -> isOn(entry, machine)));
                case MACHINE_GETS_ANOTHER_ADDRESS -> move(machine, step.variant());
                case POD -> machines.putPod(service, "10.1.0." + step.variant());
                case PASS -> machines.pass(service);
                case FULL_PASS -> machines.fullPass();
                case RESTART -> restart();
                default -> othersDo(step, machine);
            }
        }

        private boolean isOn(CatalogEntry entry, String machine) {
            return entry.node()
                    .map(ExternalNode::name)
                    .filter(node(machine)::equals)
                    .isPresent();
        }

        private void move(String machine, int network) {
            List<String> services = new ArrayList<>();
            machines.desired().values().forEach(entries -> entries.values().removeIf(entry -> {
                boolean on = isOn(entry, machine);
                if (on) {
                    services.add(entry.key().name());
                }
                return on;
            }));
            addresses.put(machine, network);
            services.forEach(service -> machines.put(service, machine, address(machine), Status.PASSING));
        }

        /**
         * What was erased is known by memory alone, so a restart comes after it was mended. That takes a second pass where
         * the first found something in its way: what leaves waits until it is known what replaces it.
         */
        private void restart() {
            machines.fullPass();
            machines.fullPass();
            Machines again = new Machines(consul, machines.cluster(), "");
            again.desired().putAll(machines.desired());
            machines.close();
            machines = again;
            machines.fullPass();
        }

        private void othersDo(Step step, String machine) {
            boolean ours = exists(machine) && !foreignNodes.contains(machine);
            switch (step.kind()) {
                case OTHERS_DELETE_THE_NODE -> {
                    if (ours) {
                        txn("{\"Node\":{\"Verb\":\"delete\",\"Node\":{\"Node\":\"" + node(machine) + "\"}}}");
                        foreignServices.remove(machine);
                    }
                }
                case OTHERS_DELETE_AN_ENTRY ->
                    ourEntries(machine).stream()
                            .limit(1)
                            .forEach(id -> service("delete", machine, "\"ID\":\"" + id + "\",\"Service\":\"x\""));
                case OTHERS_CHANGE_AN_ENTRY ->
                    ourEntries(machine).stream()
                            .limit(1)
                            .forEach(id -> service(
                                    "set",
                                    machine,
                                    "\"ID\":\"" + id + "\",\"Service\":\"edited\",\"Meta\":{\"managed-by\":\"bailey\","
                                            + "\"bailey-cluster\":\"" + machines.cluster() + "\"}"));
                case OTHERS_ERASE_THE_MARKS -> {
                    if (!ourEntries(machine).isEmpty()) {
                        nodeSet(machine, "10.6.6.6", "{}");
                    }
                }
                case OTHERS_CHANGE_THE_ADDRESS -> {
                    if (ours) {
                        nodeSet(
                                machine,
                                "10.6.6.6",
                                nodeOf(machine).path("Meta").toString());
                    }
                }
                case FOREIGN_SERVICE -> {
                    if (ours) {
                        service("set", machine, "\"ID\":\"theirs\",\"Service\":\"theirs\"");
                        foreignServices
                                .computeIfAbsent(machine, m -> new TreeSet<>())
                                .add("theirs");
                    }
                }
                case FOREIGN_SERVICE_GOES -> {
                    if (foreignServices.remove(machine) != null) {
                        service("delete", machine, "\"ID\":\"theirs\",\"Service\":\"theirs\"");
                    }
                }
                case FOREIGN_NODE -> {
                    if (!exists(machine)) {
                        nodeSet(machine, "10.7.7.7", "{\"team\":\"blue\"}");
                        foreignNodes.add(machine);
                    }
                }
                case FOREIGN_NODE_GOES -> {
                    if (foreignNodes.remove(machine)) {
                        txn("{\"Node\":{\"Verb\":\"delete\",\"Node\":{\"Node\":\"" + node(machine) + "\"}}}");
                    }
                }
                default -> throw new IllegalArgumentException(step.toString());
            }
        }

        private List<String> ourEntries(String machine) {
            return foreignNodes.contains(machine)
                    ? List.of()
                    : CatalogView.of(consul, node(machine)).keySet().stream()
                            .filter(id -> !id.equals("theirs"))
                            .toList();
        }

        private void service(String verb, String machine, String service) {
            txn("{\"Service\":{\"Verb\":\"" + verb + "\",\"Node\":\"" + node(machine) + "\",\"Service\":{" + service
                    + "}}}");
        }

        private void nodeSet(String machine, String address, String meta) {
            txn("{\"Node\":{\"Verb\":\"set\",\"Node\":{\"Node\":\"" + node(machine) + "\",\"Address\":\"" + address
                    + "\",\"Meta\":" + meta + "}}}");
        }

        void settleAndCheck() {
            for (int i = 0; i < 4; i++) {
                machines.fullPass();
            }
            List<Outcome<CatalogEntry>> last = machines.fullPass();
            assertThat(last).allSatisfy(o -> {
                assertThat(o.kind()).as(o.message()).isEqualTo(Outcome.Kind.REFUSED);
                assertThat(o.message()).contains("is not ours");
            });
            for (String machine : MACHINES) {
                assertThat(CatalogView.of(consul, node(machine)).keySet())
                        .as(machine)
                        .isEqualTo(expected(machine));
                assertThat(exists(machine))
                        .as(machine)
                        .isEqualTo(foreignNodes.contains(machine)
                                || !expected(machine).isEmpty());
                if (foreignNodes.contains(machine)) {
                    assertThat(nodeOf(machine).path("Address").asText()).isEqualTo("10.7.7.7");
                } else if (!entriesOn(machine).isEmpty()) {
                    assertThat(nodeOf(machine).path("Address").asText()).isEqualTo(address(machine));
                    assertThat(nodeOf(machine).path("Meta").size()).isEqualTo(4);
                }
            }
            try (Machines fresh = new Machines(consul, machines.cluster(), "")) {
                fresh.desired().putAll(machines.desired());
                assertThat(fresh.fullPass()).noneMatch(Outcome::applied);
            }
        }

        private Set<String> entriesOn(String machine) {
            Set<String> ids = new TreeSet<>();
            machines.desired().values().forEach(entries -> entries.values().stream()
                    .filter(entry -> isOn(entry, machine))
                    .forEach(entry -> ids.add(entry.id())));
            return ids;
        }

        private Set<String> expected(String machine) {
            Set<String> ids = new TreeSet<>(foreignServices.getOrDefault(machine, Set.of()));
            if (!foreignNodes.contains(machine)) {
                ids.addAll(entriesOn(machine));
            }
            return ids;
        }

        void close() {
            machines.clear();
            machines.fullPass();
            machines.close();
        }
    }
}
