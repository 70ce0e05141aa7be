/** Who may write: the election of one leader among the replicas, by a Lease in the cluster. */
package bridge.bailey.lead;
