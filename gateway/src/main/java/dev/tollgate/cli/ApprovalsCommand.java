package dev.tollgate.cli;

import dev.tollgate.approval.Reviewers;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Vote;
import dev.tollgate.value.Person;
import dev.tollgate.value.TicketId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The approval queue in the terminal. */
@Command(
        name = "approvals",
        description = "Lists calls that wait for a person, and answers them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ApprovalsCommand.ListPending.class,
            ApprovalsCommand.Watch.class,
            ApprovalShowCommand.class,
            ApprovalsCommand.Approve.class,
            ApprovalsCommand.Deny.class
        })
final class ApprovalsCommand implements Runnable {
    private static final int MAX_LISTED = 200;
    private static final int MAX_SUMMARY = 100;
    private static final String LINE = "%-14s %-24s %-16s %-28s %-14s %-24s %s%n";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** Lists what waits. */
    @Command(
            name = "list",
            description = {
                "Lists what waits: calls for a person, oldest first, and then those approved for their clients.",
                "A client that makes its call again gets the answer, or the reply that was kept for it."
            },
            mixinStandardHelpOptions = true)
    static final class ListPending extends StoreCommand {
        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            out.printf(LINE, "TICKET", "WAITS FOR", "AGENT", "MODEL", "AT MOST", "DEADLINE", "WHAT");
            for (Ticket ticket : LocalStores.await(stores.tickets().list(State.PENDING, MAX_LISTED))) {
                print(ticket, out);
            }
            Instant now = Instant.now();
            for (Ticket ticket : LocalStores.await(stores.tickets().waitingForClients(now, MAX_LISTED))) {
                print(ticket, out);
            }
            return 0;
        }

        private static void print(Ticket ticket, PrintWriter out) {
            out.printf(
                    LINE,
                    ticket.id(),
                    waitsFor(ticket),
                    Terminal.plain(ticket.agent()),
                    Terminal.plain(ticket.model()),
                    ticket.estimate() == null ? "unknown" : ticket.estimate(),
                    ticket.deadline().truncatedTo(ChronoUnit.SECONDS),
                    Terminal.plain(ticket.summary(), MAX_SUMMARY));
        }

        private static String waitsFor(Ticket ticket) {
            if (ticket.state() == State.PENDING) {
                return "a person";
            }
            boolean hasReply = !ticket.details().wish().tool().isEmpty();
            return hasReply ? "its client (reply kept)" : "its client (approved)";
        }
    }

    /** Approves a ticket. */
    @Command(name = "approve", description = "Lets a waiting call go on.", mixinStandardHelpOptions = true)
    static final class Approve extends Decide {
        @Override
        State decision() {
            return State.APPROVED;
        }
    }

    /** Denies a ticket. */
    @Command(name = "deny", description = "Refuses a waiting call.", mixinStandardHelpOptions = true)
    static final class Deny extends Decide {
        @Override
        State decision() {
            return State.DENIED;
        }
    }

    /** Decides a ticket; a gateway that holds the call hears of it within a second. */
    abstract static class Decide extends StoreCommand {
        @Parameters(paramLabel = "TICKET", description = "The ticket, as approvals list shows it.")
        private String id = "";

        @Option(names = "--note", description = "Why, in your words; the agent reads it with a denial.")
        private String note = "";

        abstract State decision();

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            out.println(answer(stores, new TicketId(id), decision() == State.APPROVED, note));
            return 0;
        }
    }

    /** Shows what waits as it comes, and takes answers. */
    @Command(
            name = "watch",
            description = "Shows waiting calls as they come, and takes answers line by line.",
            mixinStandardHelpOptions = true)
    static final class Watch extends StoreCommand {
        private static final Duration PAUSE = Duration.ofSeconds(1);

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
            new TicketWatch(
                            max -> LocalStores.await(stores.tickets().list(State.PENDING, max)),
                            (ticket, approves, note) -> answer(stores, ticket, approves, note),
                            out)
                    .run(in, PAUSE);
            return 0;
        }
    }

    /** Answers a ticket on the record; a gateway that holds the call hears of it within a second. */
    private static String answer(LocalStores stores, TicketId ticket, boolean approves, String note)
            throws IOException {
        Ticket waiting = LocalStores.await(stores.tickets().find(ticket))
                .orElseThrow(() -> new IOException("there is no ticket " + ticket));
        Optional<String> refusal = Reviewers.refusal(waiting, Person.admin(LocalStores.ACTOR), approves);
        if (refusal.isPresent()) {
            throw new IOException(refusal.get());
        }
        Map<String, String> details = Map.of(
                "exchange", waiting.exchange().value(),
                "agent", waiting.agent(),
                "rule", waiting.rule(),
                "note", note);
        Ticket decided = stores.recorded(
                approves ? "ticket_approval_asked" : "ticket_denial_asked",
                ticket.value(),
                details,
                () -> vote(stores, ticket, approves, note));
        if (decided.state() == State.PENDING) {
            stores.record("ticket_voted", ticket.value(), details);
            return ticket + " has " + decided.details().approvals() + " of "
                    + decided.details().terms().quorum() + " approvals";
        }
        stores.record(approves ? "ticket_approved" : "ticket_denied", ticket.value(), details);
        return ticket + " is " + decided.state();
    }

    private static Ticket vote(LocalStores stores, TicketId ticket, boolean approves, String note) throws IOException {
        Vote vote = new Vote(LocalStores.ACTOR, approves, note, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        Ticket decided = LocalStores.await(stores.tickets().decide(ticket, vote))
                .orElseThrow(() -> new IOException("there is no ticket " + ticket));
        if (!decided.details().votes().contains(vote)) {
            throw new IOException(
                    decided.state() == State.PENDING
                            ? ticket + " has your approval already, and waits for others"
                            : ticket + " is " + decided.state() + " already");
        }
        return decided;
    }
}
