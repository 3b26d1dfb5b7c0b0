package dev.tollgate.http;

import dev.tollgate.audit.AuditRecord;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Target;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in records what is known of an exchange. */
final class Records {
    private static final int MAX_NAMED = 256;

    private Records() {}

    static AuditRecord.Received received(Exchange exchange) {
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
                route == null
                        ? List.of()
                        : route.targets().stream().map(Target::toString).toList(),
                content == null ? 0 : content.bytes().length,
                content == null ? "" : sha256(content.bytes()),
                facts.notScanned(),
                exchange.verdicts(),
                exchange.reservation(),
                exchange.estimate());
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

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
