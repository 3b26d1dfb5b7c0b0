package dev.tollgate.provider;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Headers;
import dev.tollgate.identity.Credentials;
import dev.tollgate.identity.KeySecret;
import dev.tollgate.policy.ProviderEntry;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds the headers of a provider call: what the client sent, without what belongs to its own connection (RFC 9110 §7.6.1), to the
 * gateway, or to the way there.
 */
final class RequestHeaders {
    /** Where credentials stand, ours or the client's. */
    static final List<String> CREDENTIAL_SLOTS = List.of("authorization", "x-api-key", "x-goog-api-key", "api-key");

    private static final Set<String> NEVER_FORWARDED = Set.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "proxy-authenticate",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "content-length",
            "content-encoding",
            "accept-encoding",
            "expect",
            "forwarded",
            "x-real-ip",
            "x-cm-api-key");

    /** What most connections name: a field that is never forwarded anyway. */
    private static final String KEEP_ALIVE = "keep-alive";

    private RequestHeaders() {}

    static MultiMap of(Exchange exchange, ProviderEntry provider) {
        // A gateway key that reached a provider would be a credential in a stranger's log; a client's credential beside
        // ours would let
        // the provider choose whose account pays.
        Headers inbound = Credentials.upstream(
                exchange.inbound().headers(), exchange.caller().passThrough());
        Set<String> named = namedByConnection(inbound);
        boolean cookies = exchange.policy().bundle().routing().forwardCookies();
        MultiMap outbound = HttpHeaders.headers();
        for (Headers.Field field : inbound.fields()) {
            String name = field.key();
            if (isForwarded(name, cookies) && !named.contains(name)) {
                outbound.add(field.name(), field.value());
            }
        }
        provider.headers().forEach((name, value) -> {
            if (!outbound.contains(name)) {
                outbound.add(name, value);
            }
        });
        // Replies are read as they pass (usage, later their text), which a coding of the client's choice would hide.
        outbound.set(HttpHeaders.ACCEPT_ENCODING, "identity");
        String coding = exchange.content().coding();
        if (!coding.isEmpty()) {
            outbound.set(HttpHeaders.CONTENT_ENCODING, coding);
        }
        return outbound;
    }

    /** The slot in which the client sent its gateway key, so that the provider's credential can go the same way; null for others. */
    static @Nullable String slotOfGatewayKey(Headers inbound) {
        for (String slot : CREDENTIAL_SLOTS) {
            for (String value : inbound.all(slot)) {
                if (holdsGatewayKey(value)) {
                    return slot;
                }
            }
        }
        return null;
    }

    private static boolean isForwarded(String name, boolean cookies) {
        return !NEVER_FORWARDED.contains(name)
                && !name.startsWith("x-tollgate-")
                && !name.startsWith("x-forwarded-")
                && (cookies || !name.equals("cookie"));
    }

    private static boolean holdsGatewayKey(String value) {
        int blank = value.lastIndexOf(' ');
        return value.startsWith(KeySecret.PREFIX, blank + 1);
    }

    private static Set<String> namedByConnection(Headers inbound) {
        List<String> values = inbound.all("connection");
        if (values.isEmpty() || (values.size() == 1 && values.getFirst().equals(KEEP_ALIVE))) {
            return Set.of();
        }
        Set<String> named = new HashSet<>();
        for (String value : values) {
            for (String name : value.split(",", -1)) {
                named.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return named;
    }
}
