/** Load tests as users run them. */
package bridge.bailey.load;
