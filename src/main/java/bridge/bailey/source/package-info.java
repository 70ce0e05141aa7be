/** What Bailey reads. Types of the Kubernetes client stop here. */
package bridge.bailey.source;
