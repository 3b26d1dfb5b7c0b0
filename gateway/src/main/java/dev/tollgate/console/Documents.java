package dev.tollgate.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.approval.Edit;
import dev.tollgate.approval.Passage;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Vote;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.SessionRow;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.audit.SpendReport;
import dev.tollgate.console.HealthChecks.Check;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.NanoUsd;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JSON documents of the admin API. Names are lower_snake_case, times are ISO-8601 in UTC. Money is told twice: {@code …_nanos} as a whole
 * number of nano-dollars to reckon with, {@code …_usd} as a decimal string to read.
 */
final class Documents {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Documents() {}

    static byte[] error(String code, String message) {
        ObjectNode document = object();
        document.putObject("error").put("code", code).put("message", message);
        return bytes(document);
    }

    static byte[] alive() {
        return bytes(object().put("status", "alive"));
    }

    static byte[] health(List<Check> checks) {
        ObjectNode document = object();
        document.put("ready", checks.stream().allMatch(Check::ok));
        return list(
                document,
                "checks",
                checks,
                check ->
                        object().put("name", check.name()).put("ok", check.ok()).put("detail", check.detail()));
    }

    static byte[] tickets(List<Ticket> tickets) {
        return list(object(), "tickets", tickets, Documents::node);
    }

    static byte[] ticket(Ticket ticket) {
        return bytes(node(ticket));
    }

    static byte[] exchanges(List<ExchangeRow> rows) {
        return list(object(), "exchanges", rows, ExchangeDocument::of);
    }

    static byte[] exchange(ExchangeRow row, List<HeldView> held) {
        ObjectNode document = ExchangeDocument.of(row);
        HeldView.put(document, held);
        return bytes(document);
    }

    static byte[] sessions(List<SessionRow> rows) {
        return list(object(), "sessions", rows, Documents::node);
    }

    private static ObjectNode node(SessionRow row) {
        ObjectNode node = object().put("session", row.session()).put("team", row.team());
        ArrayNode agents = node.putArray("agents");
        row.agents().forEach(agents::add);
        node.put("helpers", row.helpers())
                .put("first_call_at", row.first().toString())
                .put("last_call_at", row.last().toString())
                .put("calls", row.calls())
                .put("denied", row.denied())
                .put("held", row.held())
                .put("failed", row.failed())
                .put("input_tokens", row.inputTokens())
                .put("output_tokens", row.outputTokens());
        money(node, "cost", new NanoUsd(row.costNanos()));
        return node;
    }

    static byte[] spend(SpendQuery query, List<SpendGroup> groups) {
        return bytes(SpendReport.document(query, groups));
    }

    static byte[] keys(List<Key> keys) {
        return list(object(), "keys", keys, Documents::node);
    }

    /** A new key with its secret: the only document that ever holds one. */
    static byte[] made(KeyMint.Minted made) {
        return bytes(node(made.key()).put("secret", made.secret().value()));
    }

    static byte[] revoked(KeyId key) {
        return bytes(object().put("id", key.value()).put("revoked", true));
    }

    static byte[] policy(PolicyDesk desk) {
        PolicySnapshot current = desk.current();
        ObjectNode document = object().put("version", current.version())
                .put("loaded_at", current.loadedAt().toString())
                .put("source", desk.source());
        desk.lastFailure()
                .ifPresentOrElse(
                        failure -> document.putObject("last_failure")
                                .put("at", failure.at().toString())
                                .put("message", failure.message()),
                        () -> document.putNull("last_failure"));
        return bytes(document);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void money(ObjectNode document, String name, @Nullable NanoUsd amount) {
        if (amount == null) {
            document.putNull(name + "_nanos").putNull(name + "_usd");
        } else {
            document.put(name + "_nanos", amount.nanos())
                    .put(name + "_usd", amount.toString().replace("$", ""));
        }
    }

    static void texts(ObjectNode document, String name, Collection<String> texts) {
        ArrayNode array = document.putArray(name);
        texts.forEach(array::add);
    }

    static void time(ObjectNode document, String name, @Nullable Instant moment) {
        document.put(name, moment == null ? null : moment.toString());
    }

    static ObjectNode node(Ticket ticket) {
        ObjectNode document = object().put("id", ticket.id().value())
                .put("state", Format.word(ticket.state()))
                .put("waits_for", waitsFor(ticket))
                .put("exchange", ticket.exchange().value())
                .put("key", ticket.key())
                .put("agent", ticket.agent())
                .put("team", ticket.team())
                .put("session", ticket.session())
                .put("model", ticket.model())
                .put("rule", ticket.rule())
                .put("reason", ticket.reason())
                .put("summary", ticket.summary());
        money(document, "estimate", ticket.estimate());
        time(document, "created_at", ticket.createdAt());
        time(document, "deadline", ticket.deadline());
        document.put("decided_by", ticket.decidedBy());
        time(document, "decided_at", ticket.decidedAt());
        document.put("note", ticket.note()).put("tool", ticket.details().wish().tool());
        document.put("quorum", ticket.details().terms().quorum());
        texts(document, "reviewers", ticket.details().terms().reviewers());
        document.put("injection_score", ticket.details().risk().score());
        texts(document, "findings", ticket.details().risk().findings());
        document.put("companion", ticket.details().turn().companion())
                .put("leads", ticket.details().turn().leads());
        texts(document, "joined", ticket.details().turn().joined());
        TicketDocument.calls(document, ticket.details().calls());
        ArrayNode passages = document.putArray("passages");
        for (Passage passage : ticket.details().passages()) {
            passages.addObject()
                    .put("path", passage.path())
                    .put("author", passage.author())
                    .put("text", passage.text());
        }
        ArrayNode votes = document.putArray("votes");
        for (Vote vote : ticket.details().votes()) {
            ObjectNode node = votes.addObject()
                    .put("by", vote.by())
                    .put("approves", vote.approves())
                    .put("note", vote.note())
                    .put("edit_path", vote.edit() == null ? null : vote.edit().path());
            texts(
                    node,
                    "edit_paths",
                    vote.edit() == null
                            ? List.of()
                            : vote.edit().all().stream().map(Edit::path).toList());
            time(node, "at", vote.at());
        }
        return document;
    }

    /** Whose turn it is until the deadline; null where nobody's. */
    private static @Nullable String waitsFor(Ticket ticket) {
        return switch (ticket.state()) {
            case PENDING -> "person";
            case APPROVED -> "client";
            case DENIED, EXPIRED, CONSUMED -> null;
        };
    }

    private static ObjectNode node(Key key) {
        ObjectNode document = object().put("id", key.id().value())
                .put("agent", key.agent().value())
                .put("team", key.team().value());
        texts(document, "models", key.scopes().models().stream().sorted().toList());
        texts(document, "providers", key.scopes().providers().stream().sorted().toList());
        time(document, "created_at", key.createdAt());
        time(document, "expires_at", key.expiresAt());
        time(document, "revoked_at", key.revokedAt());
        return document;
    }

    static <T> byte[] list(ObjectNode document, String name, List<T> items, Function<T, ObjectNode> node) {
        ArrayNode array = document.putArray(name);
        items.forEach(item -> array.add(node.apply(item)));
        return bytes(document);
    }

    static byte[] bytes(ObjectNode document) {
        try {
            return MAPPER.writeValueAsBytes(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
