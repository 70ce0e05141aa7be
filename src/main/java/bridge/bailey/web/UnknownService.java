package bridge.bailey.web;

import bridge.bailey.model.Printable;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.overview.Overview;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** 404: nothing of this name is in the cluster, or declared. */
final class UnknownService extends NotFoundException {

    private static final long serialVersionUID = 1;

    UnknownService(ServiceKey key) {
        this(key, "is unknown: there is none in the cluster, and nothing declares it");
    }

    private UnknownService(ServiceKey key, String why) {
        super(Response.status(Response.Status.NOT_FOUND)
                .type(MediaType.APPLICATION_JSON)
                .entity(new Body("Service " + Printable.of(key.toString()) + " " + why))
                .build());
    }

    /** Where only bridged services are told of, and there may be one that is not. */
    static UnknownService amongBridged(ServiceKey key, Overview overview) {
        return overview.detail(key).isPresent()
                ? new UnknownService(key, "is not bridged; /api/services/{namespace}/{name} tells why")
                : new UnknownService(key);
    }

    /** What is told. */
    @Schema(name = "Error")
    public record Body(@Schema(description = "What is wrong, for people") String error) {}
}
