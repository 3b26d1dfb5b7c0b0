package dev.tollgate.cli;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.audit.SpendReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What was spent, by one or several keys. */
@Command(
        name = "spend",
        description = "What was spent, dearest first. Without dates, today.",
        mixinStandardHelpOptions = true)
final class SpendCommand extends StoreCommand {
    /** How a report is written. */
    enum Format {
        /** For people. */
        TABLE,
        /** With a head, money in dollars. */
        CSV,
        /** One document. */
        JSON,
        /** CSV with the columns of the FinOps Open Cost and Usage Specification, by day, provider, model, team and agent. */
        FOCUS
    }

    @Option(
            names = "--by",
            split = ",",
            paramLabel = "KEY",
            description = "One or several of team, agent, key, session, user, sub_agent, provider, model, day, hour,"
                    + " tag:NAME, with commas between. Default: team.")
    private List<String> by = new ArrayList<>();

    @Option(
            names = "--where",
            paramLabel = "KEY=VALUE",
            description =
                    "Only calls with this value of a key, such as team=search or tag:project=alpha. May be repeated.")
    private Map<String, String> where = new LinkedHashMap<>();

    @Option(names = "--from", paramLabel = "DATE", description = "First day, such as 2026-11-01.")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "DATE", description = "Last day.")
    private @Nullable LocalDate to;

    @Option(
            names = "--time-zone",
            defaultValue = "UTC",
            description = "Whose days, such as Europe/Berlin. Default: ${DEFAULT-VALUE}.")
    private ZoneId zone = ZoneId.of("UTC");

    @Option(
            names = "--top",
            paramLabel = "KEY",
            description = "The ten dearest of a key, such as session; --limit says how many.")
    private String top = "";

    @Option(names = "--limit", paramLabel = "ROWS", description = "Most rows shown, the dearest.")
    private @Nullable Integer limit;

    @Option(
            names = "--billing-account",
            paramLabel = "PROVIDER=ACCOUNT",
            description = "With --format focus: the account that a provider bills, where it is not to be named as the"
                    + " provider is. May be repeated.")
    private Map<String, String> billingAccounts = new LinkedHashMap<>();

    @Option(
            names = "--format",
            defaultValue = "TABLE",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Override
    int run(LocalStores stores, PrintWriter out) throws IOException {
        SpendQuery query = query();
        List<SpendGroup> groups = LocalStores.await(stores.index().spend(query));
        int most = limit != null ? limit : top.isEmpty() ? Integer.MAX_VALUE : 10;
        List<SpendGroup> shown = groups.stream().limit(most).toList();
        switch (format) {
            case TABLE -> SpendText.table(query, shown, groups, out);
            case CSV -> SpendText.csv(query, shown, out);
            case JSON -> out.println(SpendReport.document(query, shown).toPrettyString());
            case FOCUS -> FocusText.write(query, shown, billingAccounts, out);
        }
        return 0;
    }

    private SpendQuery query() {
        LocalDate today = LocalDate.now(zone);
        LocalDate first = from == null ? today : from;
        LocalDate last = to == null ? today : to;
        Map<GroupKey, String> only = new LinkedHashMap<>();
        where.forEach((key, value) -> only.put(GroupKey.parse(key), value));
        return new SpendQuery(
                first.atStartOfDay(zone).toInstant(),
                last.plusDays(1).atStartOfDay(zone).toInstant(),
                zone,
                keys(),
                only);
    }

    private List<GroupKey> keys() {
        if (format == Format.FOCUS) {
            return FocusText.KEYS;
        }
        List<GroupKey> keys = new ArrayList<>();
        if (!top.isEmpty()) {
            keys.add(GroupKey.parse(top));
        }
        by.forEach(name -> keys.add(GroupKey.parse(name)));
        return keys.isEmpty() ? List.of(GroupKey.of(Dimension.TEAM)) : keys;
    }
}
