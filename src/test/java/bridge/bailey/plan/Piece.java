package bridge.bailey.plan;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import java.util.List;

/** An item for the guard: an instance on a node, that may drain; or what instances hang on, where {@code number} is 0. */
record Piece(ServiceKey key, int number, String node, boolean leaving) implements Item {

    static Piece of(String service, int number) {
        return new Piece(new ServiceKey("shop", service), number, "", false);
    }

    Piece on(String where) {
        return new Piece(key, number, where, leaving);
    }

    Piece drains() {
        return new Piece(key, number, node, true);
    }

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
        return leaving ? "draining" : "ready";
    }

    @Override
    public boolean isInstance() {
        return number > 0;
    }

    @Override
    public String sharedFate() {
        return node;
    }

    @Override
    public List<String> differences(Item successor) {
        return List.of(state() + " → " + successor.state());
    }
}
