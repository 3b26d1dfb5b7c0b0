package dev.tollgate.cli;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.SpendRow;
import dev.tollgate.value.NanoUsd;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reports over the audit log. */
@Command(
        name = "report",
        description = "Reports over the audit log: of this node, or of all nodes that share a MongoDB.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ReportCommand.Spend.class)
final class ReportCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** What was spent, by one dimension. */
    @Command(
            name = "spend",
            description = "What was spent, dearest first. Days are UTC; without dates, today.",
            mixinStandardHelpOptions = true)
    static final class Spend extends StoreCommand {
        @Option(
                names = "--by",
                defaultValue = "TEAM",
                description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
        private Dimension by = Dimension.TEAM;

        @Option(names = "--from", paramLabel = "DATE", description = "First day, such as 2026-11-01.")
        private @Nullable LocalDate from;

        @Option(names = "--to", paramLabel = "DATE", description = "Last day.")
        private @Nullable LocalDate to;

        @Option(names = "--csv", description = "Prints CSV, money in dollars.")
        private boolean csv;

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            LocalDate first = from == null ? LocalDate.now(ZoneOffset.UTC) : from;
            LocalDate last = to == null ? LocalDate.now(ZoneOffset.UTC) : to;
            List<SpendRow> rows = LocalStores.await(stores.index()
                    .spend(
                            first.atStartOfDay(ZoneOffset.UTC).toInstant(),
                            last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
                            by));
            String format = csv ? "%s,%s,%s,%s,%s,%s,%s%n" : "%-32s %10s %10s %14s %14s %16s %10s%n";
            out.printf(
                    format,
                    by.name().toLowerCase(java.util.Locale.ROOT),
                    "calls",
                    "denied",
                    "input_tokens",
                    "output_tokens",
                    "cost_usd",
                    "unpriced");
            for (SpendRow row : rows) {
                out.printf(
                        format,
                        row.value(),
                        row.calls(),
                        row.denied(),
                        row.inputTokens(),
                        row.outputTokens(),
                        new NanoUsd(row.costNanos()).toString().substring(1),
                        row.unpriced());
            }
            return 0;
        }
    }
}
