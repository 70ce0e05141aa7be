/**
 * The custom resource LegacyService as it stands in the API: k8s/crd and the field table of docs/legacyservice.md are made
 * from these classes. In their records null means that a field is absent. What Bailey reads goes through {@code
 * source.LegacyModel}, which copes with objects that no schema has checked.
 */
package bridge.bailey.crd;
