package bridge.bailey.source;

import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;

/** All pages of an answer, or none: a page that fails, or that is not EC2's, throws away those before it. */
record Ec2Pages(Ec2Client client, int pageSize) {

    private static final String STATE = "instance-state-name";

    List<Ec2Instance> read(Ec2Query query) throws Ec2Exception {
        TreeMap<String, Ec2Instance> byId = new TreeMap<>();
        Set<String> tokens = new HashSet<>();
        for (DescribeInstancesResponse page : client.describeInstancesPaginator(request(query))) {
            // What a proxy or another service answers may well be XML, which the SDK reads as an empty estate.
            if (!page.hasReservations()) {
                throw new Ec2Exception(
                        "the answer has no reservationSet, so it is not EC2's: is there a proxy between, or is"
                                + " the endpoint wrong?");
            }
            if (page.nextToken() != null && !tokens.add(page.nextToken())) {
                throw new Ec2Exception("the answer does not end: EC2 named the same next page twice");
            }
            Ec2Page.read(page, instance -> byId.put(instance.id(), instance));
        }
        return List.copyOf(byId.values());
    }

    private DescribeInstancesRequest request(Ec2Query query) {
        List<Filter> filters = new ArrayList<>();
        query.filters().forEach(filter -> filters.add(filter(filter.name(), filter.values())));
        // EC2 refuses a filter that is there twice. States that don't count are dropped from the answer in any case.
        if (query.filters().stream().noneMatch(filter -> filter.name().equals(STATE))) {
            filters.add(filter(
                    STATE,
                    Ec2Page.STATES.stream()
                            .map(state -> state.toString())
                            .sorted()
                            .toList()));
        }
        return DescribeInstancesRequest.builder()
                .maxResults(pageSize)
                .filters(filters)
                .build();
    }

    private static Filter filter(String name, List<String> values) {
        return Filter.builder().name(name).values(values).build();
    }
}
