/** What is served over HTTP. */
package bridge.bailey.web;
