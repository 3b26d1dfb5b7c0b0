package dev.tollgate.identity;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Text;
import dev.tollgate.value.SessionId;
import dev.tollgate.value.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which run of an agent a call belongs to: first what the headers say, then, once the body was read, what it says or how its conversation
 * begins. A label that the client asserts, never authentication. Pure functions.
 */
public final class SessionNames {
    /** In this order: our own, Claude Code's, Codex's two, OpenCode's. */
    private static final List<String> HEADERS =
            List.of("x-tollgate-session", "x-claude-code-session-id", "session-id", "thread-id", "x-session-id");

    /** W3C Trace Context §3.2: version, trace id, parent id, flags. */
    private static final Pattern TRACE_PARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.{0,64}");

    private static final String NO_TRACE = "0".repeat(32);
    /** Longest name kept as it is, in characters. */
    private static final int MAX_NAME = 200;
    /** Most characters of one text that take part in the hash of a conversation's beginning. */
    private static final int MAX_HASHED = 65_536;
    /** Hex digits of a hash that tell names or conversations apart. */
    private static final int HASH_DIGITS = 32;

    private SessionNames() {}

    /** The session that the headers name. */
    public static Optional<SessionId> fromHeaders(Headers headers) {
        for (String header : HEADERS) {
            Optional<SessionId> session = named(headers.get(header));
            if (session.isPresent()) {
                return session;
            }
        }
        return named(Baggage.first(headers.get("baggage"), "gen_ai.conversation.id", "session.id"));
    }

    /**
     * The session where the headers named none: the client's own label in the body, else the trace the call belongs to, else the beginning
     * of its conversation. Empty for calls that have no conversation.
     */
    public static Optional<SessionId> fromContent(Facts facts, Headers headers) {
        return named(facts.promptCacheKey()).or(() -> traceOf(headers)).or(() -> beginningOf(facts));
    }

    private static Optional<SessionId> traceOf(Headers headers) {
        String parent = headers.get("traceparent");
        if (parent == null) {
            return Optional.empty();
        }
        Matcher matcher = TRACE_PARENT.matcher(parent);
        return matcher.matches() && !matcher.group(1).equals(NO_TRACE) ? named(matcher.group(1)) : Optional.empty();
    }

    /** The system text and the first message stay the same in every turn of a conversation, whatever is added behind. */
    private static Optional<SessionId> beginningOf(Facts facts) {
        Optional<Text> first = firstOf(facts, Place.USER).or(() -> firstOf(facts, Place.RAW_PROMPT));
        if (!facts.generates() || first.isEmpty()) {
            return Optional.empty();
        }
        MessageDigest digest = Sha256.here();
        firstOf(facts, Place.SYSTEM).ifPresent(system -> update(digest, system.value()));
        String message = messageOf(first.get().path());
        for (Text text : facts.texts()) {
            if (text.place() == first.get().place() && messageOf(text.path()).equals(message)) {
                update(digest, text.value());
            }
        }
        return Optional.of(new SessionId("conversation-" + hex(digest)));
    }

    private static Optional<Text> firstOf(Facts facts, Place place) {
        for (Text text : facts.texts()) {
            if (text.place() == place) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    /** {@code messages[1].content[0].text} stands in the message {@code messages[1]}. */
    private static String messageOf(String path) {
        int end = path.indexOf(']');
        return end < 0 ? path : path.substring(0, end + 1);
    }

    private static Optional<SessionId> named(@Nullable String value) {
        String name = plain(value);
        return name.isEmpty() ? Optional.empty() : Optional.of(new SessionId(name));
    }

    /** What a client named, as visible ASCII of bounded length; empty where it named nothing. */
    static String plain(@Nullable String value) {
        return plain(value, MAX_NAME, '!');
    }

    /**
     * The same for other names.
     *
     * @param lowest the first character that is kept
     */
    static String plain(@Nullable String value, int maxLength, char lowest) {
        if (value == null || value.isBlank()) {
            return "";
        }
        String name = value.strip();
        if (isPlain(name, maxLength, lowest)) {
            return name;
        }
        StringBuilder visible = new StringBuilder(Math.min(name.length(), maxLength));
        for (int i = 0; i < name.length() && i < maxLength; i++) {
            char c = name.charAt(i);
            visible.append(c >= lowest && c < 0x7f ? c : '_');
        }
        // What was cut or replaced still tells two names apart.
        MessageDigest digest = Sha256.here();
        update(digest, name);
        return visible + "~" + hex(digest);
    }

    private static boolean isPlain(String name, int maxLength, char lowest) {
        if (name.length() > maxLength) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < lowest || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.substring(0, Math.min(text.length(), MAX_HASHED)).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_DIGITS);
    }
}
