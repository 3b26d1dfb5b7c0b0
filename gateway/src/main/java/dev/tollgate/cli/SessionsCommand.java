package dev.tollgate.cli;

import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.AuditIndex.SessionQuery;
import dev.tollgate.audit.AuditIndex.SessionRow;
import dev.tollgate.audit.SpendReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The runs of agents. */
@Command(
        name = "sessions",
        description = "Lists the runs of agents, and walks one call by call.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SessionsCommand.ListAll.class, SessionsCommand.Show.class})
final class SessionsCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** The list, the newest first. */
    @Command(
            name = "list",
            description = "Lists sessions, the one with the newest call first.",
            mixinStandardHelpOptions = true)
    static final class ListAll extends StoreCommand {
        @Option(names = "--agent", description = "Only sessions in which this agent calls.")
        private String agent = "";

        @Option(names = "--team", description = "Only sessions that this team pays.")
        private String team = "";

        @Option(names = "--days", defaultValue = "1", description = "Over how many days. Default: ${DEFAULT-VALUE}.")
        private int days;

        @Option(
                names = "--limit",
                defaultValue = "50",
                description = "Most sessions listed. Default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            Instant now = Instant.now();
            SessionQuery query = new SessionQuery(
                    agent,
                    team,
                    now.minus(Duration.ofDays(days)),
                    now.plusSeconds(1),
                    Math.clamp(limit, 1, AuditIndex.MAX_SESSIONS));
            out.printf(
                    "%-20s  %6s %7s %14s  %-16s %-24s %s%n",
                    "LAST", "CALLS", "DENIED", "USD", "TEAM", "AGENTS", "SESSION");
            for (SessionRow row : LocalStores.await(stores.index().sessions(query))) {
                out.printf(
                        "%-20s  %6d %7d %14s  %-16s %-24s %s%n",
                        row.last().truncatedTo(ChronoUnit.SECONDS),
                        row.calls(),
                        row.denied(),
                        SpendReport.dollars(row.costNanos()),
                        Terminal.plain(row.team()),
                        Terminal.plain(String.join(",", row.agents())),
                        Terminal.plain(row.session()));
            }
            return 0;
        }
    }

    /** One session, call by call. */
    @Command(
            name = "show",
            description = "Walks a session call by call: who called, what it cost, where it was stopped and why.",
            mixinStandardHelpOptions = true)
    static final class Show extends StoreCommand {
        private static final int MOST_CALLS = 10_000;

        @Parameters(paramLabel = "SESSION", description = "The session, as sessions list shows it.")
        private String session = "";

        @Option(names = "--team", description = "The team that pays, where two name a session alike.")
        private String team = "";

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            List<ExchangeRow> newestFirst =
                    LocalStores.await(stores.index().recent(Filter.ofSession(session, team, Instant.MAX), MOST_CALLS));
            if (newestFirst.isEmpty()) {
                throw new IOException("the log holds no calls of the session " + session);
            }
            new TimelineText(newestFirst.reversed()).print(out);
            return 0;
        }
    }
}
