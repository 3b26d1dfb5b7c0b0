package dev.tollgate.http;

import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.value.Sha256;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in records what is known of an exchange. */
final class Records {
    private static final int MAX_NAMED = 256;

    private Records() {}

    /** Of an exchange that ends before anything could be kept of it. */
    static AuditRecord.Received received(Exchange exchange) {
        return received(exchange, null);
    }

    /** @param payload what is kept of its request; null where nothing is */
    static AuditRecord.Received received(Exchange exchange, @Nullable PayloadNote payload) {
        Caller caller = exchange.identified();
        Content content = exchange.read();
        Route route = exchange.routed();
        Facts facts = content == null ? Facts.NOTHING : content.facts();
        return new AuditRecord.Received(
                exchange.id(),
                exchange.receivedAt(),
                exchange.policy().version(),
                exchange.inbound().method(),
                endpoint(exchange.endpoint()),
                exchange.endpoint().wire(),
                caller == null ? "" : caller.key().value(),
                caller == null ? "" : caller.agent().value(),
                caller == null ? "" : caller.team().value(),
                caller == null ? "" : caller.session().map(Object::toString).orElse(""),
                shortened(facts.model()),
                route == null ? List.of() : names(route.targets()),
                content == null ? 0 : content.bytes().length,
                hash(exchange, payload),
                facts.notScanned(),
                exchange.verdicts(),
                exchange.reservation(),
                exchange.estimate(),
                caller == null ? Labels.NONE : caller.labels(),
                payload);
    }

    /** A hash without salt tells who guesses right, for ever: it stands only where no payload is to be erased some day. */
    private static String hash(Exchange exchange, @Nullable PayloadNote payload) {
        Content content = exchange.read();
        if (content == null || payload != null || PayloadCapture.level(exchange) == Capture.NONE) {
            return "";
        }
        return Sha256.hexOf(content.bytes());
    }

    private static List<String> names(List<Target> targets) {
        return targets.size() == 1
                ? List.of(targets.get(0).toString())
                : targets.stream().map(Target::toString).toList();
    }

    private static String endpoint(Endpoint endpoint) {
        String provider = endpoint.provider();
        return shortened(provider == null ? endpoint.path() : provider + "/" + endpoint.path());
    }

    private static String shortened(@Nullable String name) {
        if (name == null) {
            return "";
        }
        return name.length() <= MAX_NAMED ? name : name.substring(0, MAX_NAMED);
    }
}
