/** What may be wrong with the systems around Bailey, looked at from outside before it runs. */
package bridge.bailey.check;
