package bridge.bailey.web;

import bridge.bailey.model.Printable;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Tells in JSON what is wrong with a request. */
final class Failures {

    @ServerExceptionMapper
    Response told(WebApplicationException failure) {
        Response response = failure.getResponse();
        if (response.hasEntity()) {
            return response;
        }
        return Response.fromResponse(response)
                .type(MediaType.APPLICATION_JSON)
                .entity(new UnknownService.Body(Printable.of(String.valueOf(failure.getMessage()))))
                .build();
    }
}
