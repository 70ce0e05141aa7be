package bridge.bailey.consul;

import java.io.IOException;
import java.util.Optional;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Sends a token with each request, and the request once more if Consul does not know that token and there is another. */
final class Authorization implements Interceptor {

    private static final int FORBIDDEN = 403;
    private static final int LONGEST_REFUSAL = 200;

    private final Tokens tokens;

    Authorization(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Optional<String> token = tokens.current();
        Response response = chain.proceed(with(token, chain.request()));
        if (token.isEmpty() || !isUnknown(response) || !tokens.replaced(token.get())) {
            return response;
        }
        response.close();
        return chain.proceed(with(tokens.current(), chain.request()));
    }

    private static Request with(Optional<String> token, Request request) {
        return token.map(value -> request.newBuilder()
                        .header(ConsulHttp.TOKEN_HEADER, value)
                        .build())
                .orElse(request);
    }

    private static boolean isUnknown(Response response) throws IOException {
        return response.code() == FORBIDDEN
                && response.peekBody(LONGEST_REFUSAL).string().contains(ConsulException.UNKNOWN_TOKEN);
    }
}
