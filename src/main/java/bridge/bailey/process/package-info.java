/** The process itself, and what ends it. */
package bridge.bailey.process;
