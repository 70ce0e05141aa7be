package bridge.bailey.model;

/**
 * Something that the owners of an object may want to know, and need not mend.
 *
 * @param subject the object that it happened to
 * @param key the service key concerned
 * @param reason in CamelCase, such as {@code EndpointUnhealthy}
 * @param warning whether it is unwelcome
 * @param message a sentence
 */
public record Happening(Finding.Subject subject, ServiceKey key, String reason, boolean warning, String message) {}
