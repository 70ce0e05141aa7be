package bridge.bailey.target;

/** How much of a target is owned: service keys, and instances. */
public record Owned(int services, int instances) {}
