/** Source → desired → plan → target: one pass, and the loop that runs passes. Read {@link bridge.bailey.flow.Flows} first. */
package bridge.bailey.flow;
