package bridge.bailey.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which request is which verb. */
class ApiVerbTest {

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/services, list",
        "GET, /api/v1/services?resourceVersion=0&limit=500, list",
        "GET, /api/v1/services?allowWatchBookmarks=true&watch=true, watch",
        "GET, /api/v1/namespaces/shop/services, list",
        "GET, /api/v1/namespaces/shop/services/billing, get",
        "GET, /api/v1/nodes/one, get",
        "GET, /api/v1/namespaces, list",
        "GET, /api/v1/namespaces/shop, get",
        "GET, /apis/discovery.k8s.io/v1/endpointslices, list",
        "GET, /apis/bailey.bridge/v1alpha1/namespaces/shop/legacyservices/billing, get",
        "GET, /apis/bailey.bridge/v1alpha1/namespaces/shop/legacyservices/billing/status, get",
        "GET, /clusters/one/api/v1/pods, list",
        "GET, /clusters/one/apis/apps/v1/namespaces/api/deployments/a, get",
        "GET, /version, get",
        "GET, /apis, get",
        "GET, /, get",
        "POST, /api/v1/namespaces/shop/events, create",
        "PUT, /api/v1/namespaces/shop/services/billing, update",
        "PATCH, /api/v1/namespaces/shop/services/billing, patch",
        "DELETE, /api/v1/namespaces/shop/services/billing, delete",
        "OPTIONS, /api, other"
    })
    void theVerbIsThatOfTheApiServer(String method, String uri, String verb) {
        assertThat(ApiVerb.of(method, uri)).isEqualTo(verb);
    }
}
