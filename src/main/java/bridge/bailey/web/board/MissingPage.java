package bridge.bailey.web.board;

/** Nothing of this name is known. */
public record MissingPage(Header header, String service) {}
