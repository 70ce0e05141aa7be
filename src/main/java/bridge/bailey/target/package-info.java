/** The only code that writes: one class for each system. */
package bridge.bailey.target;
