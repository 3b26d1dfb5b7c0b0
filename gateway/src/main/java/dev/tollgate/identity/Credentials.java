package dev.tollgate.identity;

import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Headers.Field;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where clients put keys. SDKs disagree, even within one vendor, so the gateway key is looked for in every slot on every wire and known by
 * its prefix alone. Pure functions.
 */
public final class Credentials {
    /** Headers that nobody but the gateway reads: never sent on, whatever they hold. */
    private static final Set<String> OWN = Set.of("x-tollgate-key", "x-cm-api-key");
    /** Headers that a provider's credential stands in as well. */
    private static final Set<String> SHARED = Set.of("authorization", "x-api-key", "x-goog-api-key", "api-key");

    private static final String QUERY_SLOT = "key";
    private static final String BEARER = "bearer ";

    private Credentials() {}

    /** What a request shows. */
    public sealed interface Shown {
        /** No gateway key in any slot. */
        record Nothing() implements Shown {}

        /** Two different gateway keys: whose call it is cannot be said. */
        record Several() implements Shown {}

        /**
         * @param secret what looks like a gateway key
         * @param besideClientCredential whether it came in a header of its own and a credential of the client's stands in another slot
         */
        record One(KeySecret secret, boolean besideClientCredential) implements Shown {}
    }

    /**
     * Finds the gateway key.
     *
     * @param query the raw query without question mark; null if there is none
     */
    public static Shown find(Headers headers, @Nullable String query) {
        Finding finding = new Finding();
        for (Field field : headers.fields()) {
            String name = field.key();
            if (OWN.contains(name)) {
                finding.own(field.value());
            } else if (SHARED.contains(name)) {
                finding.shared(name.equals("authorization") ? token(field.value()) : field.value());
            }
        }
        for (String parameter : parameters(query)) {
            if (name(parameter).equals(QUERY_SLOT)) {
                finding.shared(value(parameter));
            }
        }
        return finding.shown();
    }

    /**
     * The headers without what must never reach a provider: gateway keys wherever they stand, and in stored mode every credential of the
     * client's, because the provider's stored one takes its place.
     *
     * @param passThrough whether the client's own credential goes on
     */
    public static Headers upstream(Headers headers, boolean passThrough) {
        List<Field> kept = new ArrayList<>(headers.fields().size());
        for (Field field : headers.fields()) {
            if (mayGoOn(field, passThrough)) {
                kept.add(field);
            }
        }
        return new Headers(kept);
    }

    private static boolean mayGoOn(Field field, boolean passThrough) {
        String name = field.key();
        if (OWN.contains(name) || (!passThrough && SHARED.contains(name))) {
            return false;
        }
        // A gateway key that a client put anywhere would be the provider's to use from then on.
        boolean isGatewayKey = SHARED.contains(name)
                && (name.equals("authorization") ? token(field.value()) : field.value()).startsWith(KeySecret.PREFIX);
        return !isGatewayKey && !KeySecret.isWithin(field.value());
    }

    /** The raw query without parameters that hold a gateway key; null if nothing is left. The other bytes stay as they are. */
    public static @Nullable String withoutGatewayKeys(@Nullable String query) {
        return keep(query, parameter -> !holdsGatewayKey(parameter));
    }

    /** The raw query without gateway keys and without the client's own {@code key}, for providers that take their credential there. */
    public static @Nullable String withoutKeys(@Nullable String query) {
        return keep(
                query,
                parameter -> !holdsGatewayKey(parameter) && !name(parameter).equals(QUERY_SLOT));
    }

    private static boolean holdsGatewayKey(String parameter) {
        String value = value(parameter);
        return (name(parameter).equals(QUERY_SLOT) && value.startsWith(KeySecret.PREFIX))
                || KeySecret.isWithin(value)
                || KeySecret.isWithin(name(parameter));
    }

    private static @Nullable String keep(@Nullable String query, Predicate<String> wanted) {
        if (query == null) {
            return null;
        }
        String kept = parameters(query).stream().filter(wanted).collect(Collectors.joining("&"));
        return kept.isEmpty() && !query.isEmpty() ? null : kept;
    }

    private static List<String> parameters(@Nullable String query) {
        return query == null ? List.of() : Arrays.asList(query.split("&", -1));
    }

    private static String name(String parameter) {
        int equals = parameter.indexOf('=');
        return decoded(equals < 0 ? parameter : parameter.substring(0, equals));
    }

    private static String value(String parameter) {
        return decoded(parameter.substring(parameter.indexOf('=') + 1));
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notPercentEncoded) {
            return text;
        }
    }

    private static String token(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : authorization;
    }

    /** What has been seen of one request so far. */
    private static final class Finding {
        private @Nullable String key;
        private boolean isDoubled;
        private boolean isOwn;
        private boolean hasClientCredential;

        private void own(String value) {
            if (value.startsWith(KeySecret.PREFIX)) {
                isOwn = true;
                take(value);
            }
        }

        private void shared(String value) {
            if (value.startsWith(KeySecret.PREFIX)) {
                take(value);
            } else if (!value.isEmpty()) {
                hasClientCredential = true;
            }
        }

        private void take(String value) {
            isDoubled |= key != null && !key.equals(value);
            key = value;
        }

        private Shown shown() {
            if (isDoubled) {
                return new Shown.Several();
            }
            return key == null ? new Shown.Nothing() : new Shown.One(new KeySecret(key), isOwn && hasClientCredential);
        }
    }
}
