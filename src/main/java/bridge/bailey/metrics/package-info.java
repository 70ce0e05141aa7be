/** Every metric name. */
package bridge.bailey.metrics;
