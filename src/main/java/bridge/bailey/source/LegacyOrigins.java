package bridge.bailey.source;

import bridge.bailey.crd.Formats;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyDefaults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the origins of a LegacyService. A query that can't be read as a whole is left out as a whole: without one of its
 * filters it would find other machines.
 */
final class LegacyOrigins {

    private static final String WITHOUT_ORIGIN = "this origin is left out";
    private static final String WITHOUT_INSTANCE = "this instance is left out";

    private static final Fields.Format HOST_NAME = Fields.Format.of(
            Formats.HOST_NAME, 253, "a DNS name in lower case, such as billing.legacy.example.com, no IP address");
    private static final Fields.Format ADDRESS =
            new Fields.Format(text -> !text.isEmpty() && text.length() <= 253, "an IP address");
    private static final Fields.Format ID =
            Fields.Format.of(Formats.ID, 63, "letters, digits and inner - . _ : /, at most 63 characters");
    private static final Fields.Format ZONE =
            Fields.Format.of(Formats.ZONE, 63, "letters, digits and inner - . _, at most 63 characters");
    private static final Fields.Format REGION = Fields.Format.of(Formats.REGION, 32, "a region such as eu-central-1");
    private static final Fields.Format ROLE = Fields.Format.of(
            Formats.ROLE, 2048, "the ARN of a role, such as arn:aws:iam::123456789012:role/bailey-read");
    private static final Fields.Format WHICH = Fields.Format.of("^(private|public)$", 7, "private or public");
    private static final Fields.Format FILTER =
            Fields.Format.of(Formats.FILTER, 255, "a filter of DescribeInstances, such as tag:app");
    private static final Fields.Format VALUE = new Fields.Format(text -> text.length() <= 1024, "text");
    private static final Fields.Format WORD =
            Fields.Format.of(Formats.CONSUL_WORD, 255, "text without blanks, at most 255 characters");
    private static final Fields.Format DATACENTER =
            Fields.Format.of(Formats.DATACENTER, 255, "letters, digits, hyphens and underscores");

    private final LegacyDefaults defaults;
    private final Set<String> ids = new HashSet<>();

    LegacyOrigins(LegacyDefaults defaults) {
        this.defaults = defaults;
    }

    List<Origin> read(Fields spec) {
        if (!spec.has("origins")) {
            spec.wrong("origins", "required: a list with at least one origin", "nothing is served for it");
        }
        List<Fields> written = spec.objects("origins", WITHOUT_ORIGIN);
        List<Origin> origins = new ArrayList<>();
        for (Fields fields : written) {
            List<String> kinds = Stream.of("static", "ec2", "consul", "hostname")
                    .filter(fields::has)
                    .toList();
            if (kinds.size() != 1) {
                fields.wrong("exactly one of static, ec2, consul and hostname", WITHOUT_ORIGIN);
            } else if (kinds.contains("hostname") && written.size() > 1) {
                fields.wrong("hostname", "a hostname as the only origin", WITHOUT_ORIGIN);
            } else {
                origin(fields, kinds.get(0)).ifPresent(origins::add);
            }
        }
        return origins;
    }

    private Optional<Origin> origin(Fields fields, String kind) {
        return switch (kind) {
            case "static" -> fields.object(kind, WITHOUT_ORIGIN).flatMap(this::instances);
            case "ec2" -> fields.object(kind, WITHOUT_ORIGIN).flatMap(this::ec2);
            case "consul" -> fields.object(kind, WITHOUT_ORIGIN).flatMap(LegacyOrigins::consul);
            default -> fields.text(kind, HOST_NAME, WITHOUT_ORIGIN).map(Origin.HostName::new);
        };
    }

    private Optional<Origin> instances(Fields fields) {
        if (!fields.has("instances")) {
            fields.wrong("instances", "required: a list of instances", WITHOUT_ORIGIN);
            return Optional.empty();
        }
        List<Origin.Static.Instance> instances = new ArrayList<>();
        for (Fields instance : fields.objects("instances", WITHOUT_INSTANCE)) {
            Optional<String> address = instance.required("address", ADDRESS, WITHOUT_INSTANCE);
            if (address.isPresent()) {
                String id = instance.text("id", ID, "its address is its id").orElse(address.get());
                String zone = instance.text("zone", ZONE, "it has no zone").orElse("");
                if (ids.add(id)) {
                    instances.add(new Origin.Static.Instance(id, address.get(), zone));
                } else {
                    instance.wrong(
                            instance.has("id") ? "id" : "address",
                            "each instance once in this resource",
                            WITHOUT_INSTANCE);
                }
            }
        }
        return Optional.of(new Origin.Static(instances));
    }

    private Optional<Origin> ec2(Fields fields) {
        int before = fields.reported();
        Optional<String> region = fields.text("region", REGION, WITHOUT_ORIGIN);
        String role = fields.text("roleArn", ROLE, WITHOUT_ORIGIN).orElse("");
        boolean publicAddress = fields.text("address", WHICH, WITHOUT_ORIGIN)
                .filter("public"::equals)
                .isPresent();
        List<Ec2Query.Filter> filters = filters(fields);
        if (fields.reported() > before) {
            return Optional.empty();
        }
        List<String> regions =
                region.map(List::of).orElse(defaults.regions().isEmpty() ? List.of("") : defaults.regions());
        return Optional.of(new Origin.Ec2(
                regions.stream().map(r -> new Ec2Query(r, role, filters)).toList(), publicAddress));
    }

    private static List<Ec2Query.Filter> filters(Fields fields) {
        List<Fields> written = fields.objects("filters", WITHOUT_ORIGIN);
        if (written.isEmpty()) {
            fields.wrong("filters", "at least one filter: without any, every machine would match", WITHOUT_ORIGIN);
        }
        List<Ec2Query.Filter> filters = new ArrayList<>();
        for (Fields filter : written) {
            String name = filter.required("name", FILTER, WITHOUT_ORIGIN).orElse("");
            List<String> values = filter.texts("values", VALUE, WITHOUT_ORIGIN);
            if (values.isEmpty()) {
                filter.wrong("values", "a list with at least one value", WITHOUT_ORIGIN);
            }
            filters.add(new Ec2Query.Filter(name, values));
        }
        return filters;
    }

    private static Optional<Origin> consul(Fields fields) {
        int before = fields.reported();
        ConsulQuery query = new ConsulQuery(
                fields.required("service", WORD, WITHOUT_ORIGIN).orElse(""),
                fields.text("datacenter", DATACENTER, WITHOUT_ORIGIN).orElse(""),
                fields.texts("tags", WORD, WITHOUT_ORIGIN));
        return fields.reported() > before ? Optional.empty() : Optional.of(new Origin.Consul(query));
    }
}
