/** Tests of what k8s/monitoring ships: rules, scrape configuration and dashboards. */
package bridge.bailey.monitoring;
