package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import dev.tollgate.audit.payload.Search;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds exchanges by what was said in them, as far as that is kept. That somebody looked is on the record, what for is not. */
final class TextSearch {
    private static final Duration WINDOW = Duration.ofDays(30);

    private final Shell shell;
    private final Call call;

    TextSearch(Shell shell, Call call) {
        this.shell = shell;
        this.call = call;
    }

    /**
     * What was found.
     *
     * @param rows newest first
     * @param around some words around the text, by exchange
     * @param isWhole whether all of the time was searched
     */
    record Found(List<ExchangeView> rows, Map<String, String> around, boolean isWhole) {
        static Found of(List<ExchangeView> rows) {
            return new Found(rows, Map.of(), true);
        }
    }

    Future<Found> run(String text, Filter filter) {
        if (text.length() > Search.MAX_TEXT) {
            throw Refused.badRequest("the text has " + text.length() + " characters, allowed are " + Search.MAX_TEXT);
        }
        Instant to = filter.before().equals(Instant.MAX) ? shell.now().plusSeconds(1) : filter.before();
        Search search = new Search(text, subject(filter), to.minus(WINDOW), to, Limits.MAX_ROWS_SHOWN);
        return shell.administration(call)
                .searching(
                        Map.of("subject", search.subject().toString()),
                        () -> shell.rooms().payloads().search(search).compose(result -> rows(result, filter)));
    }

    private Future<Found> rows(Search.Result result, Filter filter) {
        Map<String, String> around = new HashMap<>();
        List<Future<Optional<ExchangeRow>>> rows = result.hits().reversed().stream()
                .map(hit -> {
                    around.put(hit.exchange(), hit.around());
                    return shell.index(call).find(hit.exchange());
                })
                .toList();
        return Future.all(rows)
                .map(all -> new Found(
                        rows.stream()
                                .flatMap(row -> row.result().stream())
                                .filter(filter::takes)
                                .map(ExchangeView::new)
                                .toList(),
                        around,
                        result.isWhole()));
    }

    private static Subject subject(Filter filter) {
        if (!filter.session().isEmpty()) {
            return new Subject(Subject.Kind.SESSION, filter.session());
        }
        if (!filter.agent().isEmpty()) {
            return new Subject(Subject.Kind.AGENT, filter.agent());
        }
        return filter.team().isEmpty() ? Subject.ALL : new Subject(Subject.Kind.TEAM, filter.team());
    }
}
