/** Keeps the view of both sides current while Bailey runs. */
package bridge.bailey.overview;
