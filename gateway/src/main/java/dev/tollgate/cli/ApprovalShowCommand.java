package dev.tollgate.cli;

import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.HeldOriginals;
import dev.tollgate.approval.HeldOriginals.Found;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.console.VisibleText;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.value.TicketId;
import dev.tollgate.wire.Transcript;
import dev.tollgate.wire.Transcript.Entry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one ticket, and to whoever says why, what its call says as it came. */
@Command(
        name = "show",
        description = {
            "Shows one ticket. With --reveal what its call says as it came, with what the scan takes out: the log",
            "has who looked and why before anything is shown.",
            "Characters that would not be seen, or would move the cursor, stand there by their numbers: [U+202E]."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:shown",
            "1:there is no such ticket, nothing is kept of it as it came or it was erased, that somebody looks cannot be recorded, or the stores"
                    + " cannot be read",
            "2:wrong arguments"
        })
final class ApprovalShowCommand extends StoreCommand {
    private static final int MAX_REASON = 1000;

    @Parameters(paramLabel = "TICKET", description = "The ticket, as approvals list shows it.")
    private String id = "";

    @ArgGroup(exclusive = false)
    private @Nullable Revealing revealing;

    /** Both or neither: nobody looks without a reason. */
    static final class Revealing {
        @Option(
                names = "--reveal",
                required = true,
                description = "Show what it says as it came. There is an original where payloads.capture is full.")
        private boolean isAsked;

        @Option(
                names = "--reason",
                required = true,
                paramLabel = "TEXT",
                description = "Why you need to see it; it stands on the log.")
        private String reason = "";
    }

    @Override
    int run(LocalStores stores, PrintWriter out) throws IOException {
        String reason = reason();
        Ticket ticket = LocalStores.await(stores.tickets().find(new TicketId(id)))
                .orElseThrow(() -> new IOException("there is no ticket " + id));
        Found found = LocalStores.await(new HeldOriginals(stores.replies(), InstantSource.system()).find(ticket));
        if (reason == null) {
            tell(ticket, found, out);
            return 0;
        }
        Original kept = found.kept().orElseThrow(() -> new IOException(whyNone(ticket, found)));
        // Recorded first: what is shown and not on the log could be denied.
        stores.record(
                "payload_revealed",
                ticket.exchange().value(),
                Map.of("where", "ticket", "ticket", id, "agent", ticket.agent(), "reason", reason));
        tell(kept, out);
        return 0;
    }

    /** Why the original is asked for; null where it is not. */
    private @Nullable String reason() {
        if (revealing == null || !revealing.isAsked) {
            return null;
        }
        if (revealing.reason.isBlank() || revealing.reason.length() > MAX_REASON) {
            throw misuse("the reason has " + revealing.reason.length() + " characters, allowed are 1 to " + MAX_REASON
                    + " that are not all blank");
        }
        return revealing.reason;
    }

    private static String whyNone(Ticket ticket, Found found) {
        if (found.erased() != null) {
            return "the original of ticket " + ticket.id() + " " + erased(found.erased());
        }
        String rule =
                "originals are kept where payloads.capture is full for the call, up to 512 KiB, until the deadline"
                        + " that the ticket was opened with";
        boolean isPast = ticket.state() == State.EXPIRED
                || Ticket.BY_TIMEOUT.equals(ticket.decidedBy())
                || (ticket.state() == State.PENDING && !ticket.standsAt(Instant.now()));
        return isPast
                ? "there is no original of ticket " + ticket.id() + " any more: its deadline has passed (" + rule + ")"
                : "there is no original of ticket " + ticket.id() + ": " + rule;
    }

    private static String erased(Erasure word) {
        return "was erased on " + moment(word.at()) + " by " + Terminal.plain(word.by()) + ": "
                + Terminal.plain(word.reason());
    }

    private static void tell(Ticket ticket, Found found, PrintWriter out) {
        out.printf(
                "%s: %s (team %s, key %s%s) to %s, may cost %s%n",
                ticket.id(),
                Terminal.plain(ticket.agent()),
                ticket.team(),
                ticket.key(),
                ticket.session().isEmpty() ? "" : ", session " + Terminal.plain(ticket.session()),
                Terminal.plain(ticket.model()),
                ticket.estimate() == null ? "unknown" : ticket.estimate());
        out.println("held because " + Terminal.plain(ticket.reason()) + " (rule " + ticket.rule() + ")");
        out.println("exchange " + ticket.exchange() + ", asked at " + moment(ticket.createdAt()));
        out.println(standing(ticket));
        out.println();
        out.println(visible(ticket.summary()));
        out.println();
        if (found.erased() != null) {
            out.println("Its original " + erased(found.erased()));
        } else {
            out.println(
                    found.kept().isPresent()
                            ? "Its original is kept: --reveal --reason TEXT shows it, on the record."
                            : "No original is kept.");
        }
    }

    private static String standing(Ticket ticket) {
        if (ticket.state() == State.PENDING) {
            boolean waits = ticket.standsAt(Instant.now());
            return (waits ? "waits for a person until " : "nobody decided in time, which was until ")
                    + moment(ticket.deadline());
        }
        String note = ticket.note() == null || ticket.note().isBlank() ? "" : ": " + Terminal.plain(ticket.note());
        Instant at = ticket.decidedAt();
        return ticket.state().name().toLowerCase(Locale.ROOT)
                + (ticket.decidedBy() == null ? "" : ", decided by " + Terminal.plain(ticket.decidedBy()))
                + (at == null ? "" : " at " + moment(at))
                + note;
    }

    /** The conversation, or the arguments of a tool, whole. */
    private static void tell(Original original, PrintWriter out) {
        List<Entry> said = original.isRequest() ? conversation(original.bytes()) : List.of();
        for (Entry entry : said) {
            String kind = entry.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            String name = entry.name().isEmpty() ? "" : " " + Terminal.plain(entry.name());
            out.println("--- " + Terminal.plain(entry.role()) + ", " + kind + name);
            out.println(visible(entry.text()));
        }
        if (said.isEmpty()) {
            out.println(visible(new String(original.bytes(), StandardCharsets.UTF_8)));
        }
    }

    /** Nothing where it is none that is known. */
    private static List<Entry> conversation(byte[] body) {
        try {
            return Transcript.of(JsonReader.readObject(body));
        } catch (JsonRefused noJson) {
            return List.of();
        }
    }

    private static String visible(String text) {
        return VisibleText.of(text).plain();
    }

    private static Instant moment(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }
}
