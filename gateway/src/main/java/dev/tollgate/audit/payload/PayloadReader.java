package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Place;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts payloads together again. Blocks; for one thread at a time. */
public final class PayloadReader {
    /** Rows that are read at once. */
    static final int PAGE = 256;

    private final PayloadShelf shelf;
    private final PayloadKeys keys;

    public PayloadReader(PayloadShelf shelf, PayloadKeys keys) {
        this.shelf = shelf;
        this.keys = keys;
    }

    /** Takes payloads one after the other; answers whether it wants more. */
    @FunctionalInterface
    public interface Visitor {
        boolean visit(StoredPayload payload) throws IOException;
    }

    /**
     * One payload.
     *
     * @param at when its call came in
     * @throws IOException if it is damaged, or its key is not known here
     */
    public Answer find(String exchange, Instant at, Part part) throws IOException {
        LocalDate day = day(at);
        return shelf.read(day, drawer -> {
                    Optional<Row> row = drawer.row(nanos(at), exchange, part);
                    if (row.isPresent()) {
                        return (Answer) new Answer.Kept(new OpenedDrawer(shelf, keys, drawer, day).whole(row.get()));
                    }
                    return drawer.erased(exchange)
                            .<Answer>map(Answer.Erased::new)
                            .orElseGet(Answer.Missing::new);
                })
                .orElseGet(Answer.Missing::new);
    }

    /** A payload that is looked for. */
    public record Wanted(Payload.Whose whose, Part part) {
        String exchange() {
            return whose.exchange();
        }

        Instant at() {
            return whose.at();
        }
    }

    /** Takes what was found of one payload after the other. */
    public interface Found {
        void take(Wanted wanted, Answer answer);

        /** It is there, but damaged, or its key is not known here. */
        void unreadable(Wanted wanted, IOException why);
    }

    /** Looks for many payloads of one day at once: what calls share is read once. */
    public void findAll(LocalDate day, List<Wanted> wanted, Found found) throws IOException {
        boolean isThere = shelf.read(day, drawer -> {
                    OpenedDrawer opened = new OpenedDrawer(shelf, keys, drawer, day);
                    for (Wanted one : wanted) {
                        find(drawer, opened, one, found);
                    }
                    return true;
                })
                .orElse(false);
        if (!isThere) {
            wanted.forEach(one -> found.take(one, new Answer.Missing()));
        }
    }

    private static void find(Drawer drawer, OpenedDrawer opened, Wanted wanted, Found found) throws IOException {
        Optional<Row> row = drawer.row(nanos(wanted.at()), wanted.exchange(), wanted.part());
        if (row.isEmpty()) {
            found.take(
                    wanted,
                    drawer.erased(wanted.exchange())
                            .<Answer>map(Answer.Erased::new)
                            .orElseGet(Answer.Missing::new));
            return;
        }
        StoredPayload payload;
        try {
            payload = opened.whole(row.get());
        } catch (IOException damaged) {
            found.unreadable(wanted, damaged);
            return;
        }
        found.take(wanted, new Answer.Kept(payload));
    }

    /** Takes the places of payloads, without reading them. */
    public interface Places {
        void take(Payload.Whose whose, Part part) throws IOException;
    }

    /** Days of which payloads are kept, the oldest first. */
    public List<LocalDate> days() throws IOException {
        return shelf.days();
    }

    /** How many payloads of a day are kept whose calls came in before a moment. */
    public long count(LocalDate day, Instant before) throws IOException {
        return shelf.read(day, drawer -> drawer.count(nanos(before))).orElse(0L);
    }

    /** All payloads of a day whose calls came in before a moment, in the order of their calls. */
    public void places(LocalDate day, Instant before, Places taker) throws IOException {
        Optional<Boolean> unused = shelf.read(
                day,
                drawer -> rows(drawer, Subject.ALL, Instant.MIN, before, row -> {
                    taker.take(whose(row), row.part());
                    return true;
                }));
    }

    /** The day in whose drawer the payloads of a call lie. */
    public static LocalDate dayOf(Instant at) {
        return day(at);
    }

    /** Visits payloads of calls that came in from one moment to before another, in the order of their calls. */
    public void each(Subject subject, Instant from, Instant to, Visitor visitor) throws IOException {
        for (LocalDate day : days(from, to)) {
            boolean more = shelf.read(day, drawer -> {
                        OpenedDrawer opened = new OpenedDrawer(shelf, keys, drawer, day);
                        return rows(drawer, subject, from, to, row -> visitor.visit(opened.whole(row)));
                    })
                    .orElse(true);
            if (!more) {
                return;
            }
        }
    }

    /**
     * The calls of a session in their order, each with what was new in it.
     *
     * @param max most calls
     */
    public List<Step> session(String session, Instant from, Instant to, int max) throws IOException {
        Map<String, Step> steps = new LinkedHashMap<>();
        Set<PieceId> seen = new HashSet<>();
        for (LocalDate day : days(from, to)) {
            boolean more = shelf.read(day, drawer -> {
                        OpenedDrawer opened = new OpenedDrawer(shelf, keys, drawer, day);
                        return rows(drawer, new Subject(Subject.Kind.SESSION, session), from, to, row -> {
                            boolean isNew = !steps.containsKey(row.exchange());
                            if (isNew && steps.size() == max) {
                                return false;
                            }
                            steps.merge(row.exchange(), opened.step(row, seen), Step::with);
                            return true;
                        });
                    })
                    .orElse(true);
            if (!more) {
                break;
            }
        }
        return List.copyOf(steps.values());
    }

    List<LocalDate> days(Instant from, Instant to) throws IOException {
        LocalDate first = day(from);
        LocalDate last = day(to);
        return shelf.days().stream()
                .filter(day -> !day.isBefore(first) && !day.isAfter(last))
                .toList();
    }

    /** Takes rows; answers whether it wants more. */
    interface Rows {
        boolean take(Row row) throws IOException;
    }

    /** Yields whether more was wanted to the last. */
    static boolean rows(Drawer drawer, Subject subject, Instant from, Instant to, Rows taker) throws IOException {
        long first = nanos(from);
        long end = nanos(to);
        Place behind = first == Long.MIN_VALUE ? Place.START : new Place(first - 1, "\uffff", Part.REPLY);
        while (true) {
            List<Row> page = drawer.rows(subject, behind, PAGE);
            for (Row row : page) {
                if (row.nanos() >= end) {
                    return true;
                }
                if (!taker.take(row)) {
                    return false;
                }
            }
            if (page.size() < PAGE) {
                return true;
            }
            behind = page.getLast().place();
        }
    }

    /** Far ends of time are ends of what a long can say. */
    static long nanos(Instant at) {
        try {
            return Packing.nanos(at);
        } catch (ArithmeticException far) {
            return at.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    static LocalDate day(Instant at) {
        return at.isBefore(Instant.EPOCH)
                ? LocalDate.EPOCH
                : at.isAfter(Instant.parse("9999-01-01T00:00:00Z"))
                        ? LocalDate.of(9999, 1, 1)
                        : at.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    static Payload.Whose whose(Row row) {
        Instant at = Instant.ofEpochSecond(0, row.nanos());
        return new Payload.Whose(row.exchange(), at, row.team(), row.agent(), row.session(), row.user());
    }
}
