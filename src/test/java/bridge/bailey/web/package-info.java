/** What is served over HTTP, over services that are made up. */
package bridge.bailey.web;
