/** Every setting, its default and its meaning; what is wrong with a configuration is told all at once. */
package bridge.bailey.config;
