package bridge.bailey.plan;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;

/** One step that brings a target nearer to what is desired. Sealed, so that every target handles each kind. */
public sealed interface Change<T extends Item> {

    /** What happens, as users and metrics name it. */
    enum Action {
        CREATE,
        UPDATE,
        DELETE
    }

    /** The item that the change is about: as it will be, or for a deletion as it is. */
    T item();

    Action action();

    default ServiceKey key() {
        return item().key();
    }

    default String id() {
        return item().id();
    }

    /** What the change is, in a few words: what differs, or else what the item is like. */
    default String what() {
        return item().state();
    }

    /** The target has nothing of this id. */
    record Create<T extends Item>(T after) implements Change<T> {
        @Override
        public T item() {
            return after;
        }

        @Override
        public Action action() {
            return Action.CREATE;
        }
    }

    /** The target has our item of this id, and it differs. */
    record Update<T extends Item>(T before, T after) implements Change<T> {
        @Override
        public T item() {
            return after;
        }

        @Override
        public Action action() {
            return Action.UPDATE;
        }

        @Override
        public String what() {
            return String.join(", ", before.differences(after));
        }
    }

    /** The target has our item of this id, and nothing wants it. */
    record Delete<T extends Item>(T before) implements Change<T> {
        @Override
        public T item() {
            return before;
        }

        @Override
        public Action action() {
            return Action.DELETE;
        }
    }
}
