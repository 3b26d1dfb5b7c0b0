package dev.tollgate.stage;

import dev.tollgate.detect.Kind;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Text;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.ScanPolicy;
import dev.tollgate.policy.ScanPolicy.Unreadable;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for secrets and personal data in every text of the request, whoever wrote it, and blocks, holds, redacts or marks what it finds. The turn
 * that brings a finding in is what is blocked: found again in a turn that the agent sends once more it is redacted, since one blocked
 * message would block the session for ever. What cannot be read is refused, unless it is an image, sound, film or PDF.
 */
public final class ScanStage implements Stage {
    private static final Set<Kind> KINDS = Set.of(Kind.SECRET, Kind.PERSONAL);

    private final Inspector inspector;

    public ScanStage(Inspector inspector) {
        this.inspector = inspector;
    }

    @Override
    public StageId id() {
        return StageId.SCAN;
    }

    @Override
    public Mode mode(PolicySnapshot policy) {
        return policy.bundle().scan().mode();
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        ScanPolicy policy = exchange.policy().bundle().scan();
        // A body that nobody can read could hide anything.
        Optional<String> unreadable =
                policy.unreadable() == Unreadable.DENY ? unreadable(exchange.content()) : Optional.empty();
        if (unreadable.isPresent()) {
            return Future.succeededFuture(new Deny(Denial.of(
                    Problem.Kind.POLICY,
                    "unreadable_content",
                    "cannot be read as text and so not be scanned: " + unreadable.get()
                            + " (scan.unreadable: allow would let it pass)")));
        }
        TextSplices splices = new TextSplices(exchange);
        List<Text> texts = QueryText.with(splices.current(exchange.facts().texts()), exchange.endpoint());
        return inspector
                .search(exchange.policy(), texts, KINDS)
                .map(found -> new ScanJudgement(
                                exchange,
                                splices,
                                inspector.redactor(exchange),
                                Inspector.searched(exchange.policy(), texts))
                        .of(found));
    }

    private static Optional<String> unreadable(Content content) {
        if (!content.coding().isEmpty()) {
            return Optional.of("a body with content coding " + content.coding());
        }
        for (String what : content.facts().notScanned()) {
            if (!isMedium(what)) {
                return Optional.of(what);
            }
        }
        return Optional.empty();
    }

    private static boolean isMedium(String notScanned) {
        return (notScanned.startsWith("image/") && !notScanned.startsWith("image/svg"))
                || notScanned.startsWith("audio/")
                || notScanned.startsWith("video/")
                || notScanned.startsWith("application/pdf ");
    }
}
