package dev.tollgate.stage;

import dev.tollgate.budget.OpenExchanges;
import dev.tollgate.exchange.Body;
import dev.tollgate.exchange.BodySource.BodyRefused;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.identity.LabelNames;
import dev.tollgate.identity.SessionNames;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Mode;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.Wire;
import dev.tollgate.wire.Wires;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body and understands it. Stands behind the identity stage, so that nothing is read from strangers, and before all stages that
 * look at content.
 */
public final class ReadStage implements Stage {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final Wires wires;
    private static final int UNAVAILABLE = 503;

    private final OpenExchanges open;

    public ReadStage(Wires wires, OpenExchanges open) {
        this.wires = wires;
        this.open = open;
    }

    @Override
    public StageId id() {
        return StageId.READ;
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        int limit = exchange.policy().bundle().server().limits().openPerKey();
        if (!open.enter(exchange.caller().key(), exchange.id(), limit)) {
            return Future.succeededFuture(new Decision.Deny(new Denial(Problem.of(
                            Problem.Kind.RATE_LIMIT,
                            "too_many_open",
                            "this key has " + limit + " exchanges open, which is the limit open_per_key")
                    .withRetryAfter(TRY_AGAIN))));
        }
        return exchange.inbound().body().read().transform(read -> {
            if (read.failed()) {
                return read.cause() instanceof BodyRefused refused
                        ? Future.succeededFuture(refusal(refused.status(), "body_refused", refused.getMessage()))
                        : Future.failedFuture(read.cause());
            }
            return Future.succeededFuture(understand(exchange, read.result()));
        });
    }

    private Decision understand(Exchange exchange, Body body) {
        boolean inspected = isInspected(exchange.policy().bundle());
        try {
            return new Decision.Proceed(labelled(exchange.withContent(content(exchange, body, inspected))));
        } catch (JsonRefused refused) {
            return refusal(400, "invalid_json", refused.getMessage());
        } catch (BodyRefused refused) {
            return refusal(refused.status(), "body_refused", refused.getMessage());
        }
    }

    private Content content(Exchange exchange, Body body, boolean inspected) throws JsonRefused {
        Wire wire = wires.of(exchange.endpoint().wire());
        String contentType = nonNull(exchange.inbound().headers().get("content-type"));
        String mediaType = mediaType(contentType);
        if (!inspected && body.isCoded()) {
            return new Content(body.original(), body.coding(), mediaType, null, Facts.NOTHING);
        }
        byte[] bytes = body.decoded();
        boolean isKnown = !wire.id().equals(Wires.OPAQUE);
        Json.Obj json = null;
        if (bytes.length > 0 && (isKnown || mediaType.endsWith("json"))) {
            json = parse(bytes, isKnown, inspected);
        }
        Facts facts = wire.read(new Wire.Request(
                exchange.inbound().method(), exchange.endpoint().path(), bytes, mediaType, contentType, json));
        boolean asksForUsage = exchange.policy().bundle().metering().requestStreamUsage();
        return new Content(bytes, "", mediaType, json, asksForUsage ? facts : facts.withoutUsageRequest());
    }

    /**
     * A body in the place of the one that was read, understood as that one was.
     *
     * @throws JsonRefused if it is no JSON object that everybody reads alike
     */
    public static Content reread(Wires wires, Exchange exchange, byte[] bytes) throws JsonRefused {
        String mediaType = exchange.content().mediaType();
        String contentType = nonNull(exchange.inbound().headers().get("content-type"));
        Json.Obj json = JsonReader.readObject(bytes);
        Facts facts = wires.of(exchange.endpoint().wire())
                .read(new Wire.Request(
                        exchange.inbound().method(), exchange.endpoint().path(), bytes, mediaType, contentType, json));
        boolean asksForUsage = exchange.policy().bundle().metering().requestStreamUsage();
        return new Content(bytes, "", mediaType, json, asksForUsage ? facts : facts.withoutUsageRequest());
    }

    private static Json.@Nullable Obj parse(byte[] bytes, boolean isKnown, boolean inspected) throws JsonRefused {
        try {
            Json top = JsonReader.read(bytes);
            if (top instanceof Json.Obj object) {
                return object;
            }
            if (isKnown && inspected) {
                throw JsonReader.notAnObject();
            }
            return null;
        } catch (JsonRefused refused) {
            // What a provider might read differently from us would be a way around every later stage. Where no stage
            // looks, nothing is
            // got around, and the bytes go on as they are.
            if (inspected) {
                throw refused;
            }
            return null;
        }
    }

    /** Whether any stage depends on having understood the body. */
    private static boolean isInspected(Bundle bundle) {
        return bundle.scan().mode() != Mode.OFF
                || bundle.detect().mode() != Mode.OFF
                || bundle.budget().mode() != Mode.OFF
                || !bundle.approval().holds().isEmpty();
    }

    /** What the headers left open, the body may say. */
    @SuppressWarnings("ReferenceEquality") // Asks whether anything was added, not what.
    private static Exchange labelled(Exchange exchange) {
        Caller told = exchange.caller();
        Caller caller = told;
        if (caller.session().isEmpty()) {
            caller = SessionNames.fromContent(
                            exchange.facts(), exchange.inbound().headers())
                    .map(told::withSession)
                    .orElse(told);
        }
        if (caller.labels().user().isEmpty() && exchange.facts().user() != null) {
            String user = LabelNames.userInContent(exchange.facts().user());
            caller = caller.withLabels(caller.labels().withUser(user));
        }
        return caller == told ? exchange : exchange.withCaller(caller);
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static String nonNull(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static Decision refusal(int status, String code, @Nullable String message) {
        if (status == UNAVAILABLE) {
            return new Decision.Deny(new Denial(Problem.of(Problem.Kind.UNAVAILABLE, "overloaded", nonNull(message))
                    .withRetryAfter(TRY_AGAIN)));
        }
        Problem.Kind kind = switch (status) {
            case 408 -> Problem.Kind.TIMEOUT;
            case 413 -> Problem.Kind.TOO_LARGE;
            case 415 -> Problem.Kind.UNSUPPORTED;
            default -> Problem.Kind.MALFORMED;
        };
        return new Decision.Deny(new Denial(Problem.of(kind, code, nonNull(message)), List.of()));
    }
}
