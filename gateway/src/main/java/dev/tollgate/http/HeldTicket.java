package dev.tollgate.http;

import dev.tollgate.approval.Fingerprint;
import dev.tollgate.approval.Ticket;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Text;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import dev.tollgate.wire.Wire;
import java.time.Instant;
import java.util.stream.Collectors;

/** Writes the ticket of a held call: what a reviewer needs, with everything that the scan redacts already redacted. */
final class HeldTicket {
    private static final int MAX_SUMMARY = 4000;

    private HeldTicket() {}

    static Ticket draft(DataPlane plane, Exchange exchange, Decision.Hold hold) {
        Caller caller = exchange.caller();
        NanoUsd estimate = exchange.estimate();
        Instant now = plane.clock().instant();
        return new Ticket(
                new TicketId("t_" + exchange.id().value()),
                Fingerprint.of(exchange),
                exchange.id(),
                caller.key().value(),
                caller.agent().value(),
                caller.team().value(),
                caller.session().map(Object::toString).orElse(""),
                exchange.route().first().toString(),
                hold.rule(),
                hold.reason(),
                summary(plane, exchange),
                estimate == null ? NanoUsd.ZERO : estimate,
                now,
                now.plus(hold.deadline()),
                Ticket.State.PENDING,
                null,
                null,
                null);
    }

    private static String summary(DataPlane plane, Exchange exchange) {
        String said = redacted(plane, exchange).texts().stream()
                .filter(Text::isNew)
                .map(Text::value)
                .collect(Collectors.joining("\n"));
        return said.length() <= MAX_SUMMARY ? said : said.substring(0, MAX_SUMMARY) + "…";
    }

    private static Facts redacted(DataPlane plane, Exchange exchange) {
        Content content = exchange.content();
        if (exchange.splices().isEmpty()) {
            return content.facts();
        }
        byte[] bytes = Splice.apply(content.bytes(), exchange.splices());
        try {
            Json.Obj json = content.json() == null ? null : JsonReader.readObject(bytes);
            return plane.wires()
                    .byId(exchange.endpoint().wire())
                    .read(new Wire.Request(
                            exchange.inbound().method(),
                            exchange.endpoint().path(),
                            bytes,
                            content.mediaType(),
                            content.mediaType(),
                            json));
        } catch (JsonRefused impossible) {
            throw new IllegalStateException("a redaction broke the body of " + exchange.id(), impossible);
        }
    }
}
