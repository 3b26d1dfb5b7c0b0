package dev.tollgate.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.approval.GrantScope;
import dev.tollgate.approval.StandingGrant;
import java.time.Instant;
import java.util.List;

/** Standing grants as JSON. */
final class GrantDocument {
    private GrantDocument() {}

    static byte[] of(List<StandingGrant> grants, Instant now) {
        return Documents.list(Documents.object(), "grants", grants, grant -> node(grant, now));
    }

    static byte[] of(StandingGrant grant, Instant now) {
        return Documents.bytes(node(grant, now));
    }

    private static ObjectNode node(StandingGrant grant, Instant now) {
        GrantScope scope = grant.scope();
        ObjectNode node = Documents.object()
                .put("id", grant.id())
                .put("live", grant.isLiveAt(now))
                .put("by", grant.by().name())
                .put("agent", scope.agent())
                .put("team", scope.team())
                .put("key", scope.key())
                .put("session", scope.session())
                .put("rule", scope.rule())
                .put("model", scope.model())
                .put("tool", scope.tool());
        ArrayNode commands = node.putArray("commands");
        scope.commands().forEach(commands::add);
        ArrayNode paths = node.putArray("paths");
        scope.paths().forEach(paths::add);
        Documents.money(node, "limit", grant.limit());
        Documents.money(node, "spent", grant.use().spent());
        node.put("calls", grant.use().calls()).put("ticket", grant.ticket()).put("note", grant.note());
        Documents.time(node, "created_at", grant.createdAt());
        Documents.time(node, "expires_at", grant.expiresAt());
        node.put("revoked_by", grant.use().revokedBy());
        Documents.time(node, "revoked_at", grant.use().revokedAt());
        return node;
    }
}
