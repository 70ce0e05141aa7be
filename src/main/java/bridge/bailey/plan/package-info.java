/** Pure: the changes that would make a target equal to what is desired, as data. Neither logs nor counts. */
package bridge.bailey.plan;
