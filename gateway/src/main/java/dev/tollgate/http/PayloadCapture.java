package dev.tollgate.http;

import dev.tollgate.audit.PayloadNote;
import dev.tollgate.audit.payload.CaptureLevels;
import dev.tollgate.audit.payload.Commitment;
import dev.tollgate.audit.payload.Head;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.Payload;
import dev.tollgate.audit.payload.PayloadSink;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Splice;
import dev.tollgate.identity.Credentials;
import dev.tollgate.policy.PayloadPolicy;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.policy.PayloadPolicy.WhenBehind;
import dev.tollgate.stage.Masking;
import dev.tollgate.value.Sha256;
import dev.tollgate.wire.MessageBorders;
import dev.tollgate.wire.MessageBorders.Stretch;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is to be kept off calls: decides the level, masks, commits, and hands over. Costs a call nothing but the question where nothing is
 * kept, and a random salt and a hash of the hash where all is. Cutting, compressing and encrypting is the store's business, on its own thread.
 */
public final class PayloadCapture {
    private static final Logger LOG = LoggerFactory.getLogger(PayloadCapture.class);
    private static final List<String> TELLING_HEADERS =
            List.of("content-type", "anthropic-version", "anthropic-beta", "openai-beta");
    /** What a request takes in memory with its parsed form, which waits with it, in times its bytes. */
    private static final int PARSED = 3;

    private static final String BEHIND = "store_behind";
    private static final String UNREADABLE = "unreadable";

    private final PayloadSink sink;
    private final Masking masking;
    private final SecureRandom random;

    public PayloadCapture(PayloadSink sink, Masking masking, SecureRandom random) {
        this.sink = sink;
        this.masking = masking;
        this.random = random;
    }

    /** The payload of a call must be kept and cannot be: the call must not go on. */
    static final class Behind extends RuntimeException {
        private static final long serialVersionUID = 1;

        Behind() {
            super("more payloads wait to be written than the limit payloads.backlog allows", null, false, false);
        }
    }

    /**
     * What was taken off one half of a call.
     *
     * @param note for the record; null where nothing is kept
     * @param payload to be handed over when the record is written; null where nothing is kept
     * @param reserved room that was reserved for it, in bytes
     */
    private record Taken(
            @Nullable PayloadNote note, @Nullable Payload payload, long reserved) {
        static final Taken NOTHING = nothing(null);

        static Taken nothing(@Nullable PayloadNote note) {
            return new Taken(note, null, 0);
        }
    }

    /** Writes a record that says what is kept. */
    @FunctionalInterface
    interface Recording {
        Future<Void> with(@Nullable PayloadNote note);
    }

    /** Takes what is kept of a request, records it, and hands it over when the record is written. Fails where the call must not go on. */
    Future<Void> begin(Exchange exchange, Recording recording) {
        return request(exchange).compose(taken -> recorded(taken, recording));
    }

    /**
     * The same for the reply.
     *
     * @param capture the reply's bytes; null where nothing is kept
     */
    Future<Void> end(Exchange exchange, @Nullable ReplyCapture capture, Recording recording) {
        return capture == null
                ? recording.with(null)
                : reply(exchange, capture).compose(taken -> recorded(taken, recording));
    }

    private Future<Void> recorded(Taken taken, Recording recording) {
        Future<Void> written = recording.with(taken.note());
        Payload payload = taken.payload();
        return payload == null
                ? written
                : written.onSuccess(done -> sink.keep(payload, taken.reserved()))
                        .onFailure(lost -> sink.release(taken.reserved()));
    }

    /** How much of a call is kept. */
    static Capture level(Exchange exchange) {
        return exchange.policy().view(CaptureLevels.class).of(exchange);
    }

    /** Fails with {@link Behind} where the store has no room and the policy is closed. */
    private Future<Taken> request(Exchange exchange) {
        Content content = exchange.read();
        Capture level = content == null ? Capture.NONE : level(exchange);
        if (content == null || !level.keepsPayload()) {
            return Future.succeededFuture(Taken.NOTHING);
        }
        if (level == Capture.FULL) {
            return taken(exchange, level, content.bytes(), borders(content, List.of()), 0);
        }
        return masking.request(exchange)
                .compose(masked -> {
                    byte[] bytes = Splice.apply(content.bytes(), masked.splices());
                    return taken(exchange, level, bytes, borders(content, masked.splices()), masked.count());
                })
                .recover(failure -> unmaskable(exchange, level, failure));
    }

    /** A finding must not lie on a disk because it could not be masked: then nothing is kept, and the record says so. */
    private static Future<Taken> unmaskable(Exchange exchange, Capture level, Throwable failure) {
        if (failure instanceof Behind) {
            return Future.failedFuture(failure);
        }
        LOG.debug("nothing is kept of exchange {}: {}", exchange.id(), failure.toString());
        return Future.succeededFuture(Taken.nothing(PayloadNote.missing(name(level), UNREADABLE)));
    }

    private Future<Taken> taken(
            Exchange exchange, Capture level, byte[] bytes, Supplier<List<Stretch>> borders, int masked) {
        long reserved = (long) PARSED * bytes.length;
        if (!sink.reserve(reserved)) {
            WhenBehind answer = exchange.policy().bundle().payloads().whenBehind();
            // Going on would leave a hole where the policy wants evidence.
            return answer == WhenBehind.CLOSED
                    ? Future.failedFuture(new Behind())
                    : Future.succeededFuture(Taken.nothing(PayloadNote.missing(name(level), BEHIND)));
        }
        byte[] salt = salt();
        PayloadNote note = PayloadNote.kept(name(level), Commitment.of(salt, Sha256.of(bytes)), bytes.length);
        return Future.succeededFuture(new Taken(
                note,
                new Payload(
                        whose(exchange),
                        Part.REQUEST,
                        level,
                        salt,
                        bytes,
                        bytes.length,
                        masked,
                        false,
                        head(exchange, 0),
                        borders),
                reserved));
    }

    /** What is to be kept of a reply; null where nothing is. */
    @Nullable
    ReplyCapture reply(Exchange exchange, int status) {
        PayloadPolicy policy = exchange.policy().bundle().payloads();
        return exchange.read() != null && level(exchange).keepsPayload()
                ? new ReplyCapture(policy.reply().toInt(), status)
                : null;
    }

    /** What was taken off a reply. Never fails: the reply has gone out already. */
    private Future<Taken> reply(Exchange exchange, ReplyCapture capture) {
        capture.close();
        Capture level = level(exchange);
        if (level == Capture.FULL) {
            byte[] bytes = capture.bytes();
            return Future.succeededFuture(reply(exchange, capture, level, bytes, capture.hash(), 0));
        }
        // A secret may lie across events: what the stream said is masked, and kept in its place.
        return masking.reply(exchange, capture.bytes())
                .map(masked -> {
                    byte[] bytes = masked.content().toJson();
                    return reply(exchange, capture, level, bytes, Sha256.of(bytes), masked.count());
                })
                .otherwise(failure -> Taken.nothing(PayloadNote.missing(name(level), UNREADABLE)));
    }

    private Taken reply(Exchange exchange, ReplyCapture capture, Capture level, byte[] bytes, byte[] hash, int masked) {
        if (!sink.reserve(bytes.length)) {
            return Taken.nothing(PayloadNote.missing(name(level), BEHIND));
        }
        byte[] salt = salt();
        boolean isAssembled = level == Capture.REDACTED;
        // Cut or not, of what was put together anew nobody can tell how long it was.
        long total = isAssembled && capture.total() == capture.bytes().length ? bytes.length : capture.total();
        return new Taken(
                PayloadNote.kept(name(level), Commitment.of(salt, hash), bytes.length),
                new Payload(
                        whose(exchange),
                        Part.REPLY,
                        level,
                        salt,
                        bytes,
                        total,
                        masked,
                        isAssembled,
                        head(exchange, capture.status()),
                        Payload.whole(bytes)),
                bytes.length);
    }

    private byte[] salt() {
        byte[] salt = new byte[Commitment.SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }

    private static Supplier<List<Stretch>> borders(Content content, List<Splice> splices) {
        Json.Obj json = content.json();
        int length = content.bytes().length;
        return () -> {
            if (length == 0) {
                return List.of();
            }
            List<Stretch> stretches =
                    json == null ? List.of(new Stretch(0, length, false)) : MessageBorders.of(json, length);
            return MessageBorders.shifted(stretches, splices);
        };
    }

    private static Payload.Whose whose(Exchange exchange) {
        Caller caller = exchange.caller();
        return new Payload.Whose(
                exchange.id().value(),
                exchange.receivedAt(),
                caller.team().value(),
                caller.agent().value(),
                caller.session().map(Object::toString).orElse(""),
                caller.labels().user());
    }

    private static Head head(Exchange exchange, int status) {
        Endpoint endpoint = exchange.endpoint();
        Map<String, String> headers = new TreeMap<>();
        for (String name : TELLING_HEADERS) {
            String value = exchange.inbound().headers().get(name);
            if (value != null && status == 0) {
                headers.put(name, value);
            }
        }
        Content content = exchange.read();
        if (content != null && !content.coding().isEmpty() && status == 0) {
            headers.put("content-encoding", content.coding());
        }
        String query = Credentials.withoutKeys(endpoint.query());
        return new Head(
                exchange.inbound().method(),
                endpoint.provider() == null ? "" : endpoint.provider(),
                endpoint.path(),
                query == null ? "" : query,
                endpoint.wire(),
                headers,
                status);
    }

    private static String name(Capture level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    /** A text with placeholders for all secrets and personal data in it. */
    Future<String> masked(Exchange exchange, String text) {
        return masking.text(exchange, text);
    }
}
