package bridge.bailey.web.board;

import bridge.bailey.cli.Daemon;
import bridge.bailey.flow.Flow;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.web.HealthJson;
import bridge.bailey.web.PlanNow;
import bridge.bailey.web.events.EventIds;
import io.quarkus.qute.Template;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The board: pages that are complete without a script, and that a script keeps live. */
@Path("/")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
public class BoardResource {

    private static final Assets ASSETS = Assets.find();

    private final Daemon daemon;
    private final PlanNow planNow;
    private final Template board;
    private final Template detail;
    private final Template plan;
    private final Template missing;

    @Inject
    BoardResource(Daemon daemon, PlanNow planNow, Template board, Template detail, Template plan, Template missing) {
        this.daemon = daemon;
        this.planNow = planNow;
        this.board = board;
        this.detail = detail;
        this.plan = plan;
        this.missing = missing;
    }

    @GET
    public Response board(
            @QueryParam("q") String text, @QueryParam("show") String show, @QueryParam("sort") List<String> sort) {
        Instant now = Instant.now();
        Header header = header("Services", now);
        return page(
                board,
                BoardPage.of(
                        header,
                        BoardQuery.of(text, show, sort),
                        daemon.overview().services(),
                        now));
    }

    @GET
    @Path("/services/{namespace}/{name}")
    public Response service(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        ServiceKey key = new ServiceKey(namespace, name);
        Instant now = Instant.now();
        Header header = header(key.toString(), now);
        return daemon.overview()
                .detail(key)
                .map(found -> page(detail, DetailPage.of(header, found, now)))
                .orElseGet(() -> Html.page(
                        Response.Status.NOT_FOUND,
                        missing.data("page", new MissingPage(header, key.toString()))
                                .render()));
    }

    @GET
    @Path("/plan")
    public Response plan() {
        Header header = header("Plan", Instant.now());
        Map<String, Flow.Planned<? extends Item>> plans = new LinkedHashMap<>();
        planNow.plans().flows().forEach(one -> plans.put(one.flow(), one.planned()));
        List<Finding> findings = daemon.flows().all().stream()
                .flatMap(flow -> flow.findings().stream())
                .distinct()
                .toList();
        return page(plan, PlanPage.of(header, plans, findings));
    }

    /** The version is read before the services: what changes meanwhile is told twice rather than never. */
    private Header header(String title, Instant now) {
        String since = new EventIds(daemon.startedAt()).id(daemon.overview().version());
        return new Header(title, daemon.settings().config().cluster(), HealthJson.of(daemon, now), since, ASSETS);
    }

    private static Response page(Template template, Object page) {
        return Html.page(Response.Status.OK, template.data("page", page).render());
    }
}
