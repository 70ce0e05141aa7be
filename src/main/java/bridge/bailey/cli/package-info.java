/** The commands. */
package bridge.bailey.cli;
