package dev.tollgate.cli;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendReport;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.NanoUsd;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A session as text: a line per call, and below it what a stage had to say that stopped, held or changed it. */
final class TimelineText {
    private static final int MICROS_PER_SECOND = 1_000_000;
    private static final String INDENT = "  ";

    private final List<ExchangeRow> rows;

    /** @param rows oldest first, at least one */
    TimelineText(List<ExchangeRow> rows) {
        this.rows = rows;
    }

    void print(PrintWriter out) {
        Instant first = rows.getFirst().received().at();
        Spend spend = rows.stream().map(Spend::of).reduce(Spend.NONE, Spend::plus);
        Received any = rows.getFirst().received();
        out.printf(
                "session %s, team %s: %d calls, %d denied, %s USD, from %s on%n%n",
                Terminal.plain(any.session()),
                Terminal.plain(any.team()),
                spend.calls(),
                spend.denied(),
                SpendReport.dollars(spend.costNanos()),
                first.truncatedTo(ChronoUnit.SECONDS));
        out.printf("%4s %9s %-24s %-34s %-14s %14s %9s%n", "CALL", "AT", "AGENT", "MODEL", "RESULT", "USD", "TOOK");
        int number = 0;
        for (ExchangeRow row : rows) {
            line(++number, first, row, out);
            for (String remark : remarks(row)) {
                out.println(INDENT.repeat(7) + remark);
            }
        }
    }

    private static void line(int number, Instant first, ExchangeRow row, PrintWriter out) {
        Received received = row.received();
        Optional<Ended> ended = row.ended();
        String served = ended.map(Ended::target).orElse("");
        String helper = received.labels().subAgent();
        out.printf(
                "%4d %9s %-24s %-34s %-14s %14s %9s%n",
                number,
                "+" + clock(Duration.between(first, received.at())),
                Terminal.plain(
                        helper.isEmpty()
                                ? received.agent()
                                : INDENT.repeat(Math.max(1, received.labels().depth())) + helper),
                Terminal.plain(served.isEmpty() ? received.model() : served),
                ended.map(Ended::result).orElse("open"),
                ended.map(Ended::cost)
                        .map(NanoUsd::nanos)
                        .map(SpendReport::dollars)
                        .orElse("-"),
                ended.map(one ->
                                String.format(Locale.ROOT, "%.2f s", one.durationMicros() / (double) MICROS_PER_SECOND))
                        .orElse("…"));
    }

    private static List<String> remarks(ExchangeRow row) {
        List<String> remarks = new ArrayList<>();
        Stream.concat(
                        row.received().verdicts().stream(),
                        row.ended().stream().flatMap(ended -> ended.verdicts().stream()))
                .filter(TimelineText::isRemarkable)
                .forEach(verdict -> remarks.add(Terminal.plain(verdict.stage() + ": " + verdict.result() + " "
                        + (verdict.detail().isEmpty() ? verdict.code() : verdict.detail())
                        + (verdict.rules().isEmpty() ? "" : " (" + String.join(", ", verdict.rules()) + ")"))));
        return remarks;
    }

    private static boolean isRemarkable(Verdict verdict) {
        return switch (verdict.result()) {
            case "deny", "hold", "failed", "would_deny", "would_hold" -> true;
            default -> !verdict.rules().isEmpty();
        };
    }

    private static String clock(Duration since) {
        return String.format(
                Locale.ROOT, "%d:%02d:%02d", since.toHours(), since.toMinutesPart(), since.toSecondsPart());
    }
}
