/** Probes of legacy instances, and the verdicts that they come to. */
package bridge.bailey.probe;
