package dev.tollgate.cli;

import dev.tollgate.approval.Erasure;
import dev.tollgate.audit.payload.PayloadEraser;
import dev.tollgate.audit.payload.PayloadEraser.Count;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Erases what was said. */
@Command(
        name = "erase",
        description =
                "Erases the payloads of a subject for good. The log stays, verifies, and says who erased what and why."
                        + " Pieces that others of the team sent too stay for them. What is kept while people decide about calls goes too."
                        + " Works beside a running gateway.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:erased, or there was nothing", "1:the stores cannot be read or written", "2:wrong arguments"
        })
final class PayloadEraseCommand extends StoreCommand {
    private static final int MAX_REASON = 1000;

    @Option(
            names = "--subject",
            required = true,
            paramLabel = "SUBJECT",
            description = "One of session:ID, user:ID, agent:NAME, team:NAME, exchange:ID.")
    private String subject = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; it stands on the log.")
    private String reason = "";

    /** @param waiting originals and replies that were kept while people decide */
    private record Done(long waiting, Count count) {}

    @Override
    int run(LocalStores stores, PrintWriter out) throws IOException {
        Subject whose = Subject.parse(subject);
        if (reason.isBlank() || reason.length() > MAX_REASON) {
            throw new IllegalArgumentException(
                    "the reason has " + reason.length() + " characters, allowed are 1 to " + MAX_REASON);
        }
        Instant now = Instant.now();
        Done done = stores.recorded("payload_erasure_asked", subject, Map.of("reason", reason), () -> {
            // First of all: what waits for a person goes on to its client at any moment.
            long waiting = LocalStores.await(
                    stores.replies().erase(new Erasure(whose.toString(), now, LocalStores.ACTOR, reason)));
            return new Done(
                    waiting,
                    new PayloadEraser(stores.shelf(), stores.payloadKeys())
                            .erase(whose, new Erased("", now, LocalStores.ACTOR, reason)));
        });
        Count count = done.count;
        stores.record(
                "payloads_erased",
                subject,
                Map.of(
                        "reason", reason,
                        "exchanges", Long.toString(count.exchanges()),
                        "pieces", Long.toString(count.pieces()),
                        "shared_pieces_kept", Long.toString(count.shared()),
                        "kept_for_people", Long.toString(done.waiting)));
        out.println("payloads of " + count.exchanges() + " exchanges are erased: " + count.pieces()
                + " pieces are gone, " + count.shared() + " stay because others of the team sent them too");
        out.println("of what was kept while people decide, " + done.waiting + " originals and replies are erased");
        return 0;
    }
}
