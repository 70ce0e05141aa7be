/** The HTTP wire to Consul: client, TLS, tokens, transactions. Knows nothing of flows. */
package bridge.bailey.consul;
