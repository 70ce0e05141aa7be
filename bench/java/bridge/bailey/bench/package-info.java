/** What Bailey costs, measured against a real Consul: {@code make bench}, explained in bench/README.md. */
package bridge.bailey.bench;
