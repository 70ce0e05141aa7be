/** Pure: what the targets should hold, computed from what the sources know. Neither logs nor counts. */
package bridge.bailey.desired;
