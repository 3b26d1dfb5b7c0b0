package dev.tollgate.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.HeldOriginals.Found;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.ShownCall;
import dev.tollgate.approval.Ticket;
import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.Spend;
import dev.tollgate.exchange.StrictUtf8;
import dev.tollgate.value.NanoUsd;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** One ticket with what a reviewer needs to know of who asks, as JSON. */
final class TicketDocument {
    private TicketDocument() {}

    static byte[] of(Ticket ticket, Background background) {
        ObjectNode document = Documents.node(ticket);
        boolean isKnown = background.trouble().isEmpty();
        if (isKnown) {
            past(document.putObject("agent_past"), background);
        } else {
            document.putNull("agent_past");
        }
        Spend session = background.session().orElse(null);
        if (session == null) {
            document.putNull("session_so_far");
        } else {
            ObjectNode node = document.putObject("session_so_far")
                    .put("calls", session.calls())
                    .put("denied", session.denied())
                    .put("unpriced", session.unpriced());
            Documents.money(node, "cost", new NanoUsd(session.costNanos()));
        }
        return Documents.bytes(document);
    }

    /** What a ticket is about as it came. */
    static byte[] original(Ticket ticket, Found found) {
        Optional<Original> original = found.kept();
        Erasure erased = found.erased();
        ObjectNode document = Documents.object().put("ticket", ticket.id().value());
        document.put("exchange", ticket.exchange().value())
                .put("state", original.isPresent() ? "kept" : erased == null ? "missing" : "erased")
                .put(
                        "part",
                        original.map(kept -> kept.isRequest() ? "request" : "arguments")
                                .orElse(null));
        byte[] bytes = original.map(Original::bytes).orElse(new byte[0]);
        boolean isText = StrictUtf8.isWellFormed(bytes);
        document.put("text", original.isPresent() && isText ? new String(bytes, StandardCharsets.UTF_8) : null)
                .put(
                        "base64",
                        original.isPresent() && !isText ? Base64.getEncoder().encodeToString(bytes) : null);
        if (erased != null) {
            document.put("erased_at", erased.at().toString())
                    .put("erased_by", erased.by())
                    .put("reason", erased.reason());
        }
        return Documents.bytes(document);
    }

    private static void past(ObjectNode node, Background background) {
        AgentPast past = background.past();
        Documents.time(node, "first_call_at", past.firstSeen());
        Documents.time(node, "counted_from", past.since());
        node.put("calls", past.calls())
                .put("held", past.held())
                .put("approved", past.approved())
                .put("refused", past.refused())
                .put("tool_calls_held", past.tools().held())
                .put("tool_calls_approved", past.tools().approved())
                .put("tool_calls_denied", past.tools().denied());
        ArrayNode asked = node.putArray("asked");
        for (Background.Asked one : background.asked()) {
            asked.addObject()
                    .put("exchange", one.exchange())
                    .put("at", one.at().toString())
                    .put("model", one.model())
                    .put("decision", one.decision());
        }
    }

    /** The calls of tools that a ticket shows. */
    static void calls(ObjectNode document, List<ShownCall> calls) {
        ArrayNode array = document.putArray("calls");
        for (ShownCall call : calls) {
            array.addObject()
                    .put("tool", call.tool())
                    .put("arguments", call.arguments())
                    .put("whole", call.isWhole());
        }
    }
}
