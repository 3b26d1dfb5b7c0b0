package dev.tollgate.provider;

import dev.tollgate.exchange.Target;
import dev.tollgate.policy.RoutingPolicy;
import dev.tollgate.wire.Problem;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;

/** Tells answers that must not be passed on: those that readers may frame differently, and those that lead around the gateway. */
final class ResponseChecks {
    private ResponseChecks() {}

    static Optional<Problem> problem(HttpClientResponse response, Target target, RoutingPolicy routing) {
        int status = response.statusCode();
        if (status < 200) {
            return refused(target + " answered with status " + status + ", which is no answer to a request");
        }
        boolean redirect = status >= 300 && status < 400 && status != 304;
        if (redirect && !routing.forwardRedirects()) {
            return refused(target + " answered with a redirect (status " + status
                    + "); following it would lead around the gateway (setting routing.forward_redirects)");
        }
        int lengths = response.headers().getAll("content-length").size();
        if (lengths > 1 || (lengths == 1 && response.headers().contains("transfer-encoding"))) {
            return refused(target + " told the length of its answer more than once");
        }
        for (var header : response.headers()) {
            if (hasControlCharacter(header.getValue())) {
                return refused(target + " sent a header with a control character");
            }
        }
        return Optional.empty();
    }

    private static Optional<Problem> refused(String message) {
        return Optional.of(Problem.of(Problem.Kind.UPSTREAM, "provider_answer_refused", message));
    }

    private static boolean hasControlCharacter(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return true;
            }
        }
        return false;
    }
}
