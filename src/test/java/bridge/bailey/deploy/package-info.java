/** What k8s/ renders to, held to the API's models, to Bailey's own configuration and ports, and to what Bailey asks for. */
package bridge.bailey.deploy;
