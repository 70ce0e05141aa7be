/** The records both worlds are made of: no I/O, no framework types, only {@code java.*}. */
package bridge.bailey.model;
