package dev.tollgate.console;

import dev.tollgate.console.LogDesk.Check;
import dev.tollgate.console.LogDesk.Look;
import dev.tollgate.console.LogDesk.Seal;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.policy.AnchorPolicy;
import dev.tollgate.policy.AuditPolicy;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The log's chain, its checkpoints, where they are told, and a verification on demand. */
final class IntegrityPage {
    private final Shell shell;

    IntegrityPage(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the page shows.
     *
     * @param live what changes by itself
     * @param seal the newest checkpoint when the page was made; at most one
     */
    record View(Frame frame, AuditPolicy audit, LivePiece live, List<Seal> seal, Instant now) {
        String age(Seal one) {
            return Format.length(Duration.between(one.at(), now));
        }

        /** What whoever has a copy types. */
        String verifying(Seal one) {
            return "tollgate audit verify --journal COPY --anchor checkpoint.txt --pubkey '" + one.key() + "'";
        }

        boolean mayVerify() {
            return Need.ADMIN_OF_ALL.isMetBy(frame.person());
        }

        /** Where checkpoints are told; empty for nowhere. */
        List<String> anchors() {
            AnchorPolicy anchors = audit.anchors();
            List<String> told = new ArrayList<>();
            if (anchors.file() != null) {
                told.add("the file " + anchors.file());
            }
            if (anchors.stdout()) {
                told.add("standard output");
            }
            if (anchors.webhook() != null) {
                told.add("a webhook");
            }
            return told;
        }
    }

    /** What its live piece shows. */
    record Live(Look look, Check check, Instant now) {}

    List<Route> routes() {
        return List.of(
                Route.get("/log", Access.PAGE, Need.VIEWER_OF_ALL, this::page),
                Route.get("/log/live", Access.POLL, Need.VIEWER_OF_ALL, this::piece),
                Route.post("/log/verify", Access.PAGE, Need.ADMIN_OF_ALL, this::verify));
    }

    private Future<Reply> page(Call call) {
        AuditPolicy audit = shell.rooms().policy().current().bundle().audit();
        LogDesk log = shell.rooms().integrity();
        return shell.page(
                call,
                Frame.Section.LOG,
                "integrity",
                log.look(),
                (frame, look) ->
                        new View(frame, audit, live(look), look.seal().stream().toList(), shell.now()));
    }

    private Future<Reply> piece(Call call) {
        return live().map(live -> call.query().get("seen").equals(live.seen())
                ? Reply.unchanged()
                : Reply.html(200, shell.templates().render("integrityLive", live)));
    }

    private Future<Reply> verify(Call call) {
        return shell.administration(call).verifyLog().map(begun -> Reply.seeOther("/log"));
    }

    private Future<LivePiece> live() {
        return shell.rooms().integrity().look().map(this::live);
    }

    private LivePiece live(Look look) {
        return shell.piece(
                "integrityFigures", new Live(look, shell.rooms().integrity().check(), shell.now()));
    }
}
