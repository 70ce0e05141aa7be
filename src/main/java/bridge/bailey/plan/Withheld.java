package bridge.bailey.plan;

import bridge.bailey.model.Item;

/** A change that is not made, and why. */
public record Withheld<T extends Item>(Change<T> change, Reason reason) {

    /** Why a change is withheld; each is a bounded metric label. */
    public enum Reason {
        /** Something that is not ours has this id. */
        FOREIGN,
        /** The source does not know everything now, so what it lacks may still be there. */
        SOURCE_INCOMPLETE,
        /** Too much would vanish at once: an operator has to say that it is meant. */
        GUARD
    }

    /** Why, in words. */
    public String why() {
        return switch (reason) {
            case FOREIGN -> "something that is not Bailey's has this id";
            case SOURCE_INCOMPLETE -> "a source has not answered yet, so what it lacks may still be there";
            case GUARD -> "the deletion guard keeps it, as too much would be gone at once; bailey release lets it go";
        };
    }
}
