/** The board: pages for people, rendered here and kept live by {@code board.js}. */
package bridge.bailey.web.board;
