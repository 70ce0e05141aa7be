/** Whether Bailey itself is well. */
package bridge.bailey.health;
