package bridge.bailey.plan;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import java.util.List;

/** The smallest item: {@code version} stands for all in which two items of one id may differ. */
public record Thing(ServiceKey key, int number, int version) implements Item {

    @Override
    public String id() {
        return key + "/" + number;
    }

    @Override
    public String name() {
        return key.name();
    }

    @Override
    public String place() {
        return Integer.toString(number);
    }

    @Override
    public String state() {
        return "v" + version;
    }

    @Override
    public List<String> differences(Item successor) {
        return equals(successor) ? List.of() : List.of(state() + " → " + successor.state());
    }
}
