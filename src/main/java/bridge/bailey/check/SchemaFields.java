package bridge.bailey.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a schema by their paths, each with what is allowed there; what describes them only is left out. */
final class SchemaFields {

    /** What belongs to every resource, and is nobody's to declare. */
    private static final List<String> COMMON = List.of("apiVersion", "kind", "metadata");

    private final Map<String, String> fields = new TreeMap<>();

    private SchemaFields() {}

    static Map<String, String> of(JsonNode schema) {
        SchemaFields all = new SchemaFields();
        schema.path("properties").properties().forEach(field -> {
            if (!COMMON.contains(field.getKey())) {
                all.add(field.getKey(), field.getValue());
            }
        });
        return all.fields;
    }

    private void add(String path, JsonNode schema) {
        if (!schema.isObject()) {
            return;
        }
        ObjectNode rest = schema.deepCopy();
        rest.remove(List.of("properties", "items", "description"));
        fields.put(path, sorted(rest));
        schema.path("properties").properties().forEach(field -> add(path + "." + field.getKey(), field.getValue()));
        add(path + "[]", schema.path("items"));
    }

    /** Servers and tools keep other orders of fields, and write numbers and what is absent in their own ways. */
    private static String sorted(ObjectNode node) {
        Map<String, String> all = new TreeMap<>();
        node.properties().forEach(field -> {
            JsonNode value = field.getValue();
            boolean absent = value.isNull() || (value.isContainerNode() && value.isEmpty());
            if (!absent) {
                all.put(field.getKey(), value.isNumber() ? Double.toString(value.asDouble()) : value.toString());
            }
        });
        return all.toString();
    }
}
