/** Whether a Bailey, or a service, that runs somewhere answers as it should: asked from outside, after each deploy. */
package bridge.bailey.smoke;
