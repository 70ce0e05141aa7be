package bridge.bailey.check;

import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.ConsulHttp.Access;
import bridge.bailey.consul.Rule;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/** Whether our token may do in Consul what Bailey does. Consul is asked what it would allow; nothing is tried. */
final class ConsulRights implements Check {

    /** Of names that are asked about at once, besides what is asked in any case: Consul answers 64 questions. */
    static final int MOST_NAMES = 50;

    private static final int MOST_TOLD = 5;

    private final ConsulHttp consul;
    private final Callable<Map<String, Access>> always;
    private final ExportedNames names;
    private final boolean export;

    /**
     * Makes the check.
     *
     * @param always what is needed whatever the services are called, by what it is for
     */
    ConsulRights(ConsulHttp consul, Callable<Map<String, Access>> always, ExportedNames names, boolean export) {
        this.consul = consul;
        this.always = always;
        this.names = names;
        this.export = export;
    }

    @Override
    public String area() {
        return "Consul permissions";
    }

    @Override
    public void look(Report report) throws Exception {
        try {
            Map<String, Access> needed = always.call();
            List<String> purposes = List.copyOf(needed.keySet());
            List<Boolean> answers = consul.allowed(List.copyOf(needed.values()));
            for (int i = 0; i < purposes.size(); i++) {
                one(report, purposes.get(i), needed.get(purposes.get(i)), answers.get(i));
            }
            if (export) {
                services(report, names.get());
            }
        } catch (ConsulException e) {
            if (e.status() == HttpURLConnection.HTTP_FORBIDDEN) {
                report.fail(
                        "Consul token",
                        e.getMessage(),
                        "give Bailey a token that Consul knows: CONSUL_HTTP_TOKEN_FILE");
            } else {
                report.warn("Consul token", "can't be told: " + e.getMessage(), "compare its policy with k8s/consul/");
            }
        }
    }

    private static void one(Report report, String purpose, Access access, boolean allowed) {
        if (allowed) {
            report.ok(text(access), "may, for " + purpose);
        } else {
            report.fail(text(access), "may not, which is needed for " + purpose, rule(access));
        }
    }

    private void services(Report report, Set<String> all) throws ConsulException {
        List<Access> asked = all.stream()
                .limit(MOST_NAMES)
                .map(name -> new Access("service", "write", name))
                .toList();
        if (asked.isEmpty()) {
            report.ok("service:write", "no service is exported now");
            return;
        }
        List<Boolean> answers = consul.allowed(asked);
        List<Access> denied = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            if (!answers.get(i)) {
                denied.add(asked.get(i));
            }
        }
        String of = asked.size() + (asked.size() < all.size() ? " of " + all.size() : "") + " exported names";
        if (denied.isEmpty()) {
            report.ok("service:write", "may, for " + of);
        } else {
            List<String> rules =
                    denied.stream().limit(MOST_TOLD).map(ConsulRights::rule).toList();
            report.fail(
                    "service:write",
                    "may not for " + denied.size() + " of " + of + ", such as "
                            + denied.get(0).name() + "; they would not be registered",
                    String.join("\n", rules));
        }
    }

    private static String text(Access access) {
        return access.resource() + ":" + access.access() + " on \"" + access.name() + "\"";
    }

    /** Of "" everything is meant: only a rule for a prefix says that. */
    private static String rule(Access access) {
        boolean prefix = access.name().isEmpty()
                || access.name().endsWith("/")
                || access.name().endsWith("-");
        return new Rule(access.resource() + (prefix ? "_prefix" : ""), access.name(), access.access()).toString();
    }
}
