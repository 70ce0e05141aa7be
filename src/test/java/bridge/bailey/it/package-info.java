/** Integration tests: a real Consul agent, and a Kubernetes API in process or, by {@code make test_cluster}, a real one. */
package bridge.bailey.it;
