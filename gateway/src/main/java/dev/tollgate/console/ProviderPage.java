package dev.tollgate.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.console.ProviderFigures.Figures;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.ProviderEntry;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Providers: whether calls can go there, and how they did since this node started. */
final class ProviderPage {
    private static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0);

    private static final double NANOS_PER_DOLLAR = 1e9;

    private final Shell shell;

    ProviderPage(Shell shell) {
        this.shell = shell;
    }

    /**
     * One provider.
     *
     * @param missing what keeps calls from it; empty if nothing does
     * @param breakers states of its targets' breakers that are not closed
     */
    record Row(
            String id, String title, boolean enabled, String missing, Figures figures, Map<String, String> breakers) {
        /** Where it stands, in a word. */
        String state() {
            if (!enabled) {
                return "off";
            }
            if (!missing.isEmpty()) {
                return "needs a credential";
            }
            if (breakers.containsValue("open")) {
                return "left out";
            }
            return figures.calls() == 0 ? "ready" : figures.failed() == figures.calls() ? "fails" : "works";
        }

        String tone() {
            return switch (state()) {
                case "works" -> "good";
                case "left out", "fails" -> "bad";
                case "ready" -> "calm";
                default -> "quiet";
            };
        }

        int failedPercent() {
            return figures.calls() == 0 ? 0 : (int) Math.round(100.0 * figures.failed() / figures.calls());
        }

        String latency() {
            return figures.attempts() == 0 ? "–" : Format.micros((long) (figures.meanMillis() * 1000));
        }

        String longest() {
            return figures.attempts() == 0 ? "–" : Format.micros((long) (figures.maxMillis() * 1000));
        }

        String cost() {
            return Format.money(Math.round(figures.costUsd() * NANOS_PER_DOLLAR));
        }
    }

    /**
     * What the page shows.
     *
     * @param rows those that can be called first, the busiest of them first
     */
    record View(Frame frame, List<Row> rows) {
        List<Row> usable() {
            return rows.stream()
                    .filter(row -> row.enabled() && row.missing().isEmpty())
                    .toList();
        }

        List<Row> others() {
            return rows.stream()
                    .filter(row -> !row.enabled() || !row.missing().isEmpty())
                    .toList();
        }
    }

    /** How many providers can be called: they are on, and nothing is missing. */
    static long callable(PolicySnapshot policy, ProviderFigures seen) {
        return policy.bundle().providers().entrySet().stream()
                .filter(entry -> entry.getValue().enabled()
                        && seen.missing(entry.getKey()).isEmpty())
                .count();
    }

    List<Route> routes() {
        return List.of(
                Route.get("/providers", Access.PAGE, Need.VIEWER, this::page),
                Route.get("/api/v1/providers", Access.API, Need.VIEWER, call -> Future.succeededFuture(document())));
    }

    private Future<Reply> page(Call call) {
        return shell.page(call, Frame.Section.PROVIDERS, "providers", Future.succeededFuture(rows()), View::new);
    }

    private Reply document() {
        ObjectNode document = Documents.object();
        ArrayNode array = document.putArray("providers");
        for (Row row : rows()) {
            ObjectNode node = array.addObject()
                    .put("id", row.id())
                    .put("title", row.title())
                    .put("enabled", row.enabled())
                    .put("missing", row.missing())
                    .put("calls", row.figures().calls())
                    .put("failed", row.figures().failed())
                    .put("attempts", row.figures().attempts())
                    .put("mean_first_byte_ms", row.figures().meanMillis())
                    .put("max_first_byte_ms", row.figures().maxMillis());
            ObjectNode breakers = node.putObject("breakers");
            row.breakers().forEach(breakers::put);
        }
        return Reply.json(200, Documents.bytes(document));
    }

    private List<Row> rows() {
        ProviderFigures seen = shell.rooms().providers();
        Map<String, Figures> figures = seen.figures();
        Map<String, String> breakers = seen.breakers();
        return shell.rooms().policy().current().bundle().providers().entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue(), seen, figures.get(entry.getKey()), breakers))
                .sorted(Comparator.comparing(
                                (Row row) -> row.enabled() && row.missing().isEmpty())
                        .thenComparingLong(row -> row.figures().calls())
                        .reversed()
                        .thenComparing(Row::id))
                .toList();
    }

    private static Row row(
            String id,
            ProviderEntry entry,
            ProviderFigures seen,
            @Nullable Figures figures,
            Map<String, String> breakers) {
        Map<String, String> own = new TreeMap<>();
        breakers.forEach((target, state) -> {
            if (target.startsWith(id + "/") && !state.equals("closed")) {
                own.put(target, state);
            }
        });
        return new Row(
                id,
                entry.title(),
                entry.enabled(),
                entry.enabled() ? seen.missing(id) : "",
                figures == null ? NONE : figures,
                own);
    }
}
