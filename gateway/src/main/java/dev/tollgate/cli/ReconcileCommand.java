package dev.tollgate.cli;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.audit.SpendReport;
import dev.tollgate.cli.UsageExport.Line;
import dev.tollgate.cli.UsageExport.Sums;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares the log with a provider's own account of usage. */
@Command(
        name = "reconcile",
        description = "Compares what the log says with a provider's own usage or cost export, by day (UTC) and model.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:both say the same, within the tolerance",
            "1:they differ, or the file is not understood",
            "2:wrong arguments"
        })
final class ReconcileCommand extends StoreCommand {
    private static final String FORMAT = "%-10s  %-36s %13s %13s %13s %13s %14s %14s %14s%n";
    private static final Sums NOTHING = new Sums(0, 0, 0);

    @Parameters(
            paramLabel = "USAGE.csv",
            description =
                    "An export of OpenAI, Anthropic or DeepSeek (of the latter amount or cost), or a file with day, model, input_tokens, output_tokens, cost.")
    private Path file = Path.of("");

    @Option(names = "--provider", required = true, description = "Id of the provider that it is from.")
    private String provider = "";

    @Option(
            names = "--tolerance",
            paramLabel = "PERCENT",
            defaultValue = "1",
            description = "How far two figures may be apart, in percent. Default: ${DEFAULT-VALUE}.")
    private BigDecimal tolerance = BigDecimal.ONE;

    @Override
    int run(LocalStores stores, PrintWriter out) throws IOException {
        UsageExport export = UsageExport.read(file);
        LocalDate first = export.firstDay();
        LocalDate last = export.lastDay();
        if (first == null || last == null) {
            throw new IOException(file + " has no rows");
        }
        Map<Line, Sums> ours = ours(stores, first, last, export.tellsModels());
        TreeSet<Line> lines = new TreeSet<>(ours.keySet());
        lines.addAll(export.sums().keySet());
        out.printf(
                FORMAT,
                "DAY",
                "MODEL",
                "IN, LOG",
                "IN, THEIRS",
                "OUT, LOG",
                "OUT, THEIRS",
                "COST, LOG",
                "COST, THEIRS",
                "DIFFERENCE");
        int differing = 0;
        for (Line line : lines) {
            Sums our = ours.getOrDefault(line, NOTHING);
            Sums their = export.sums().getOrDefault(line, NOTHING);
            boolean differs = differs(export, our, their);
            differing += differs ? 1 : 0;
            print(line, our, their, export, differs, out);
        }
        out.println(
                lines.size() + " days and models, " + differing + " of them differ by more than " + tolerance + " %");
        return differing == 0 ? 0 : 1;
    }

    private Map<Line, Sums> ours(LocalStores stores, LocalDate first, LocalDate last, boolean byModel)
            throws IOException {
        Instant from = first.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant to = last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        SpendQuery query = new SpendQuery(
                from,
                to,
                ZoneOffset.UTC,
                List.of(GroupKey.of(Dimension.DAY), GroupKey.of(Dimension.MODEL)),
                Map.of(GroupKey.of(Dimension.PROVIDER), provider));
        Map<Line, Sums> sums = new TreeMap<>();
        for (SpendGroup group : LocalStores.await(stores.index().spend(query))) {
            Spend spend = group.spend();
            Line line = new Line(
                    group.values().get(0),
                    byModel ? UsageExport.plainName(group.values().get(1)) : UsageExport.ALL_MODELS);
            sums.merge(line, new Sums(spend.inputTokens(), spend.outputTokens(), spend.costNanos()), Sums::plus);
        }
        return sums;
    }

    private boolean differs(UsageExport export, Sums our, Sums their) {
        boolean tokens =
                export.tellsTokens() && (isApart(our.input(), their.input()) || isApart(our.output(), their.output()));
        return tokens || (export.tellsCost() && isApart(our.costNanos(), their.costNanos()));
    }

    private boolean isApart(long one, long other) {
        BigDecimal allowed =
                BigDecimal.valueOf(Math.max(one, other)).multiply(tolerance).movePointLeft(2);
        return BigDecimal.valueOf(Math.abs(one - other)).compareTo(allowed) > 0;
    }

    private static void print(Line line, Sums our, Sums their, UsageExport export, boolean differs, PrintWriter out) {
        String difference = export.tellsCost()
                ? "$" + SpendReport.dollars(their.costNanos() - our.costNanos())
                : Long.toString(their.input() + their.output() - our.input() - our.output());
        out.printf(
                FORMAT,
                line.day(),
                line.model(),
                our.input(),
                export.tellsTokens() ? Long.toString(their.input()) : "-",
                our.output(),
                export.tellsTokens() ? Long.toString(their.output()) : "-",
                "$" + SpendReport.dollars(our.costNanos()),
                export.tellsCost() ? "$" + SpendReport.dollars(their.costNanos()) : "-",
                differs ? difference : "");
    }
}
