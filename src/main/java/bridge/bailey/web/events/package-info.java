/** {@code /api/events}: what changes, told as it changes, by server-sent events. */
package bridge.bailey.web.events;
