package bridge.bailey.web.board;

import jakarta.ws.rs.core.Response;
import java.util.regex.Pattern;

/** A page as it is sent: nothing but our own files may run or be loaded in it, and nobody may keep or frame it. */
final class Html {

    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** Characters that turn or hide text; what they come with is from the cluster, as the templates have none. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cc}&&[^\\n]]");

    private Html() {}

    static Response page(Response.Status status, String html) {
        return Response.status(status)
                .entity(fit(html))
                .header("Content-Security-Policy", POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-store")
                .build();
    }

    static String fit(String html) {
        return UNFIT.matcher(html).replaceAll("\uFFFD");
    }
}
