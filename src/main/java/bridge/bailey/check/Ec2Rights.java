package bridge.bailey.check;

import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.source.AwsEc2;
import bridge.bailey.source.Ec2Exception;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Whether EC2 would let us ask what Bailey asks, region by region and role by role: by a dry run, which reads nothing. */
final class Ec2Rights implements Check {

    private static final String FIX =
            "{\"Effect\": \"Allow\", \"Action\": \"ec2:DescribeInstances\", \"Resource\": \"*\"}  # docs/ec2.md has the policies";

    private final Supplier<AwsEc2> ec2;
    private final Set<Ec2Query> tagQueries;
    private final Declared declared;

    /**
     * Makes the check.
     *
     * @param ec2 is made only if it is in use, and closed afterwards
     * @param tagQueries what the configuration asks
     */
    Ec2Rights(Supplier<AwsEc2> ec2, Set<Ec2Query> tagQueries, Declared declared) {
        this.ec2 = ec2;
        this.tagQueries = Set.copyOf(tagQueries);
        this.declared = declared;
    }

    private record Account(String region, String role) {
        String text() {
            return "EC2 in " + (region.isEmpty() ? "the region of the SDK" : region)
                    + (role.isEmpty() ? "" : " with role " + role);
        }
    }

    @Override
    public String area() {
        return "EC2";
    }

    @Override
    public void look(Report report) throws Exception {
        Set<Account> accounts = accounts();
        if (accounts.isEmpty()) {
            report.ok("EC2", "not in use: neither bailey.ec2.enabled nor a LegacyService asks for it");
            return;
        }
        try (AwsEc2 api = ec2.get()) {
            for (Account account : accounts) {
                try {
                    api.dryRun(new Ec2Query(account.region(), account.role(), List.of()));
                    report.ok(account.text(), "may describe instances");
                } catch (Ec2Exception e) {
                    report.fail(account.text(), e.getMessage(), FIX);
                }
            }
        }
    }

    private Set<Account> accounts() throws Exception {
        Set<Ec2Query> queries = new LinkedHashSet<>(tagQueries);
        declared.get().stream()
                .map(LegacyDeclaration::origins)
                .flatMap(List::stream)
                .filter(Origin.Ec2.class::isInstance)
                .map(Origin.Ec2.class::cast)
                .forEach(origin -> queries.addAll(origin.queries()));
        Set<Account> accounts = new LinkedHashSet<>();
        queries.forEach(query -> accounts.add(new Account(query.region(), query.role())));
        return accounts;
    }
}
