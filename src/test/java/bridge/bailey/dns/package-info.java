/** What is shipped for the DNS of the cluster. */
package bridge.bailey.dns;
