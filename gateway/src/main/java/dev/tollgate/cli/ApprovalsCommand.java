package dev.tollgate.cli;

import dev.tollgate.approval.Reviewers;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Vote;
import dev.tollgate.value.Person;
import dev.tollgate.value.TicketId;
import java.io.IOException;
import java.io.PrintWriter;
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
        subcommands = {ApprovalsCommand.ListPending.class, ApprovalsCommand.Approve.class, ApprovalsCommand.Deny.class})
final class ApprovalsCommand implements Runnable {
    private static final int MAX_LISTED = 200;
    private static final int MAX_SUMMARY = 100;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** Lists what waits. */
    @Command(name = "list", description = "Lists waiting calls, oldest first.", mixinStandardHelpOptions = true)
    static final class ListPending extends StoreCommand {
        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            out.printf("%-14s %-16s %-28s %-14s %-24s %s%n", "TICKET", "AGENT", "MODEL", "AT MOST", "DEADLINE", "WHAT");
            for (Ticket ticket : LocalStores.await(stores.tickets().list(State.PENDING, MAX_LISTED))) {
                String said = ticket.summary().replaceAll("\\s+", " ");
                out.printf(
                        "%-14s %-16s %-28s %-14s %-24s %s%n",
                        ticket.id(),
                        ticket.agent(),
                        ticket.model(),
                        ticket.estimate() == null ? "unknown" : ticket.estimate(),
                        ticket.deadline().truncatedTo(ChronoUnit.SECONDS),
                        said.length() <= MAX_SUMMARY ? said : said.substring(0, MAX_SUMMARY) + "…");
            }
            return 0;
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
            TicketId ticket = new TicketId(id);
            Optional<Ticket> waiting = LocalStores.await(stores.tickets().find(ticket));
            if (waiting.isEmpty()) {
                throw new IOException("there is no ticket " + id);
            }
            boolean approve = decision() == State.APPROVED;
            Optional<String> refusal = Reviewers.refusal(waiting.get(), Person.admin(LocalStores.ACTOR), approve);
            if (refusal.isPresent()) {
                throw new IOException(refusal.get());
            }
            Ticket decided = stores.recorded(
                    approve ? "ticket_approval_asked" : "ticket_denial_asked",
                    id,
                    details(waiting.get()),
                    () -> decide(stores, ticket));
            if (decided.state() == State.PENDING) {
                stores.record("ticket_voted", id, details(decided));
                out.println(id + " has " + decided.details().approvals() + " of "
                        + decided.details().terms().quorum() + " approvals");
                return 0;
            }
            stores.record(approve ? "ticket_approved" : "ticket_denied", id, details(decided));
            out.println(id + " is " + decided.state());
            return 0;
        }

        private Ticket decide(LocalStores stores, TicketId ticket) throws IOException {
            Vote vote = new Vote(
                    LocalStores.ACTOR,
                    decision() == State.APPROVED,
                    note,
                    Instant.now().truncatedTo(ChronoUnit.MILLIS));
            Ticket decided = LocalStores.await(stores.tickets().decide(ticket, vote))
                    .orElseThrow(() -> new IOException("there is no ticket " + id));
            if (!decided.details().votes().contains(vote)) {
                throw new IOException(
                        decided.state() == State.PENDING
                                ? id + " has your approval already, and waits for others"
                                : id + " is " + decided.state() + " already");
            }
            return decided;
        }

        private Map<String, String> details(Ticket ticket) {
            return Map.of(
                    "exchange", ticket.exchange().value(),
                    "agent", ticket.agent(),
                    "rule", ticket.rule(),
                    "note", note);
        }
    }
}
