package dev.tollgate.approval;

import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What two attempts at the same call have in common: SHA-256 over key, session, endpoint, body without what clients vary between retries
 * ({@link VariedMembers}), and what holds the call; in any session also without what they write anew ({@link Rewordings}). Retries carry no idempotency key, so this is how they find their ticket.
 */
public final class Fingerprint {
    /** Parameters of the query that differ between attempts: how Gemini's clients ask for a stream. */
    private static final String VARIED_PARAMETER = "alt=sse";

    /** Where the id of the trace stands in a {@code traceparent}, and its characters (W3C Trace Context §3.2). */
    private static final int TRACE_ID_AT = 3;

    private static final int TRACE_ID = 32;

    /** Stands where the session does: no session is called so, being no label. */
    private static final String ANY_SESSION = "\n";

    /** What a client that keeps its calls apart by session writes into its bodies, and no model reads. */
    private static final String CACHE_KEY = "prompt_cache_key";

    /** Messages that clients number anew in each session (OpenAI's responses): of one that says what it says, the number says nothing. */
    private static final String INPUT = "input";

    private static final String WHO = "role";

    private static final String SAID = "content";
    private static final String NUMBER = "id";

    private final FieldDigest digest = new FieldDigest();

    private Fingerprint() {}

    /**
     * The fingerprint of a call that was identified and read, in lower-case hex.
     *
     * @param rule what holds it: leave to do one thing is no leave for another
     */
    public static String of(Exchange exchange, String rule) {
        VariedMembers varied = exchange.policy().view(VariedMembers.class);
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.addCall(exchange, varied, session(exchange, varied));
        fingerprint.digest.add(rule);
        return fingerprint.digest.hex();
    }

    /**
     * What the same call has in common in all sessions of its key, in lower-case hex: an agent that is started anew has another session.
     *
     * @param rule what holds it
     */
    public static String ofAnySession(Exchange exchange, String rule) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.addCall(exchange, exchange.policy().view(VariedMembers.class), null);
        fingerprint.digest.add(rule);
        return fingerprint.digest.hex();
    }

    /**
     * What all calls of a turn have in common, in any session of their key, in lower-case hex: where its words may be sent too.
     *
     * @param rule what holds them
     * @param said what the turn brings
     */
    static String ofTurn(Exchange exchange, String rule, List<String> said) {
        FieldDigest digest = new FieldDigest();
        digest.add(exchange.caller().key().value());
        digest.add(rule);
        digest.add(exchange.route().targets().stream()
                .map(Target::provider)
                .distinct()
                .sorted()
                .collect(Collectors.joining(",")));
        said.forEach(digest::add);
        return digest.hex();
    }

    /**
     * What all calls have in common that wait for one leave, in lower-case hex.
     *
     * @param rule what holds them
     * @param subject whose calls they are
     */
    public static String ofSubject(String rule, String subject) {
        FieldDigest digest = new FieldDigest();
        digest.add(rule);
        digest.add(subject);
        return digest.hex();
    }

    /** @param session null for any */
    private void addCall(Exchange exchange, VariedMembers varied, @Nullable String session) {
        digest.add(exchange.caller().key().value());
        digest.add(session == null ? ANY_SESSION : session);
        digest.add(exchange.inbound().method());
        digest.add(Objects.requireNonNullElse(exchange.endpoint().provider(), ""));
        digest.add(exchange.endpoint().wire());
        digest.add(exchange.endpoint().path().replace(":streamGenerateContent", ":generateContent"));
        digest.add(steady(exchange.endpoint().query()));
        if (session == null) {
            addBodyOfAnySession(exchange.content(), varied, exchange.policy().view(Rewordings.class));
        } else {
            addBody(exchange.content(), varied);
        }
    }

    /** The session, unless it is only the trace that the call belongs to, or what else is another one with each attempt. */
    private static String session(Exchange exchange, VariedMembers varied) {
        String session = exchange.caller().session().map(Object::toString).orElse("");
        String trace = Objects.requireNonNullElse(exchange.inbound().headers().get("traceparent"), "");
        boolean isTrace = session.length() == TRACE_ID && trace.startsWith(session, TRACE_ID_AT);
        Json.Obj body = exchange.content().json();
        return isTrace || (body != null && varied.says(body, session)) ? "" : session;
    }

    private void addBody(Content content, VariedMembers varied) {
        byte[] bytes = content.bytes();
        Json.Obj body = content.json();
        if (body == null) {
            digest.add(bytes, 0, bytes.length);
        } else {
            addMembers(bytes, body, varied);
        }
    }

    private void addBodyOfAnySession(Content content, VariedMembers varied, Rewordings rewordings) {
        byte[] bytes = content.bytes();
        Json.Obj body = content.json();
        if (body == null) {
            digest.add(bytes, 0, bytes.length);
        } else {
            List<Splice> anew = rewordings.in(body);
            byte[] steady = Splice.apply(bytes, anew);
            ToolDefinitions tools = new ToolDefinitions(steady, rewordings);
            addWithoutSession(steady, anew.isEmpty() ? body : read(steady), varied, tools);
        }
    }

    private static Json.Obj read(byte[] steady) {
        try {
            return JsonReader.readObject(steady);
        } catch (JsonReader.JsonRefused impossible) {
            throw new IllegalStateException("a body in which strings were replaced is still JSON", impossible);
        }
    }

    private void addWithoutSession(byte[] bytes, Json.Obj body, VariedMembers varied, ToolDefinitions tools) {
        body.members().forEach((name, value) -> {
            VariedMembers inside = varied.in(name);
            if (name.equals(CACHE_KEY) || (inside != null && inside.isVaried())) {
                return;
            }
            digest.add(name);
            if (name.equals(INPUT) && value instanceof Json.Arr items) {
                items.elements().forEach(item -> addItem(bytes, item));
            } else if (ToolDefinitions.isIn(name) && inside == null) {
                tools.addTo(digest, value);
            } else {
                add(bytes, value, inside);
            }
        });
    }

    private void addItem(byte[] bytes, Json item) {
        if (item instanceof Json.Obj message && isSaidWhole(message)) {
            digest.beginObject();
            message.members().forEach((name, value) -> {
                if (!name.equals(NUMBER)) {
                    digest.add(name);
                    digest.add(bytes, value.start(), value.end());
                }
            });
            digest.end();
        } else {
            digest.add(bytes, item.start(), item.end());
        }
    }

    private static boolean isSaidWhole(Json.Obj message) {
        Json said = message.get(SAID);
        return message.get(WHO) != null
                && (said instanceof Json.Str
                        || (said instanceof Json.Arr parts && !parts.elements().isEmpty()));
    }

    private void addMembers(byte[] bytes, Json.Obj object, VariedMembers varied) {
        object.members().forEach((name, value) -> {
            VariedMembers inside = varied.in(name);
            if (inside == null || !inside.isVaried()) {
                digest.add(name);
                add(bytes, value, inside);
            }
        });
    }

    /** A value as it is written, but for what is varied in it. */
    private void add(byte[] bytes, Json value, @Nullable VariedMembers varied) {
        if (varied != null && value instanceof Json.Obj object) {
            digest.beginObject();
            addMembers(bytes, object, varied);
            digest.end();
        } else if (varied != null && value instanceof Json.Arr array) {
            VariedMembers inside = varied.belowAll();
            digest.beginArray();
            for (Json element : array.elements()) {
                if (inside == null || !inside.isVaried()) {
                    add(bytes, element, inside);
                }
            }
            digest.end();
        } else {
            digest.add(bytes, value.start(), value.end());
        }
    }

    private static String steady(@Nullable String query) {
        return query == null
                ? ""
                : Arrays.stream(query.split("&", -1))
                        .filter(parameter -> !parameter.equals(VARIED_PARAMETER))
                        .collect(Collectors.joining("&"));
    }
}
