/** Pure: both sides of each service, as people and programs see them. Neither logs nor looks at a clock. */
package bridge.bailey.view;
