package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.flow.Direction;
import bridge.bailey.lead.Leadership;
import bridge.bailey.model.Printable;
import bridge.bailey.plan.Hold;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Takes the word by which an operator lets go what the deletion guard withholds: the one thing that can be told. {@link
 * HttpGuard} sees to it that it comes from the pod.
 */
@Path("/api/release")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "release")
public class ReleaseResource {

    private final Daemon daemon;

    @Inject
    ReleaseResource(Daemon daemon) {
        this.daemon = daemon;
    }

    /**
     * What was released.
     *
     * @param released how many deletions; 0 if nothing was withheld
     */
    public record Released(String flow, int released, int services, String message) {}

    @POST
    @Path("/{flow}")
    @Operation(
            operationId = "release",
            summary = "Let go what is withheld",
            description = "Only from within the pod, as bailey release does it; with the header X-Bailey-Release.")
    @APIResponse(responseCode = "200", description = "What was released, if anything was withheld")
    @APIResponse(responseCode = "403", description = "The request does not come from within the pod")
    @APIResponse(responseCode = "404", description = "There is no such flow")
    @APIResponse(
            responseCode = "409",
            description = "Another replica leads, and has to be told; or nothing was judged yet")
    public Response release(@PathParam("flow") String name) {
        Optional<Direction<?, ?>> flow = daemon.flows().all().stream()
                .filter(Direction::enabled)
                .filter(direction -> direction.name().equals(name))
                .findFirst();
        if (flow.isEmpty()) {
            return error(Response.Status.NOT_FOUND, "no flow " + Printable.of(name) + " runs here");
        }
        Leadership leadership = daemon.flows().leadership();
        if (leadership.term().isEmpty()) {
            return error(
                    Response.Status.CONFLICT,
                    leadership.identity() + " does not lead"
                            + leadership
                                    .leader()
                                    .map(leader -> ": release it in " + leader + ", which does")
                                    .orElse(", and nobody does now"));
        }
        if (!flow.get().hasJudged()) {
            return error(
                    Response.Status.CONFLICT,
                    "something was withheld when Bailey ended, and is not judged again yet: try it in a moment");
        }
        return Response.ok(released(name, flow.get().release())).build();
    }

    private static Released released(String flow, Optional<Hold> hold) {
        return hold.map(h -> new Released(
                        flow,
                        h.deletions(),
                        h.services().size(),
                        "released " + h.deletions() + " deletions of "
                                + h.services().size() + " services"))
                .orElse(new Released(flow, 0, 0, "nothing is withheld"));
    }

    private static Response error(Response.Status status, String message) {
        return Response.status(status).entity(new UnknownService.Body(message)).build();
    }
}
