package bridge.bailey.model;

import java.util.List;

/**
 * A question to EC2.
 *
 * @param region "" for the one that the AWS SDK finds
 * @param role the ARN of the role to assume; "" for Bailey's own credentials
 * @param filters as DescribeInstances takes them; all must match
 */
public record Ec2Query(String region, String role, List<Filter> filters) {

    public Ec2Query {
        filters = List.copyOf(filters);
    }

    /** A filter: any of the values, in which {@code *} and {@code ?} are wildcards. */
    public record Filter(String name, List<String> values) {
        public Filter {
            values = List.copyOf(values);
        }
    }

    /** {@code ec2/<region>}, and the account if a role is assumed. */
    public String origin() {
        String[] arn = role.split(":", 6);
        return "ec2/" + (region.isEmpty() ? "default" : region) + (arn.length > 4 ? "/" + arn[4] : "");
    }
}
