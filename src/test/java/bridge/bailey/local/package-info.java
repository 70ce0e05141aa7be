/** Consul and Kubernetes on this machine, for {@code make run_local} and for the tests. */
package bridge.bailey.local;
