package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Node;
import dev.tollgate.audit.payload.PayloadShelf.Removal;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Deletes the payloads of a subject's calls that came in up to now, also those that are not written yet, and every piece that nobody else's payload of the same team and day leads to. A piece that two subjects
 * brought in (a system prompt, say) stays for the other one. Blocks.
 */
public final class PayloadEraser {
    /** How long after its call came in a payload may come to the drawer of a day that had none before. */
    private static final Duration LONGEST_WAY = Duration.ofHours(1);

    private final PayloadShelf shelf;
    private final PayloadKeys keys;

    public PayloadEraser(PayloadShelf shelf, PayloadKeys keys) {
        this.shelf = shelf;
        this.keys = keys;
    }

    /**
     * What was erased.
     *
     * @param exchanges calls whose payloads are gone
     * @param pieces pieces that are gone
     * @param shared pieces of theirs that stay, because others have them too
     */
    public record Count(long exchanges, long pieces, long shared) {
        Count plus(Count other) {
            return new Count(exchanges + other.exchanges, pieces + other.pieces, shared + other.shared);
        }
    }

    /** @param word who erases and why; the exchange in it is not looked at */
    public Count erase(Subject subject, Erased word) throws IOException {
        if (subject.kind() == Subject.Kind.ALL) {
            throw new IllegalArgumentException("whose payloads are to be erased is not said");
        }
        // What waits to be written, here or in another process, goes to the drawer of the day its call came in: word of
        // the erasure must be there first.
        Set<LocalDate> days = new TreeSet<>(shelf.days());
        days.add(PayloadReader.dayOf(word.at()));
        days.add(PayloadReader.dayOf(word.at().minus(LONGEST_WAY)));
        Count all = new Count(0, 0, 0);
        for (LocalDate day : days) {
            all = all.plus(shelf.change(day, drawer -> {
                drawer.bar(new Erased(subject.toString(), word.at(), word.by(), word.reason()));
                return erase(drawer, day, subject, word);
            }));
        }
        return all;
    }

    /** What rows lead to. */
    private static final class Reached {
        private final Set<PieceId> nodes = new HashSet<>();
        private final Set<PieceId> pieces = new HashSet<>();
    }

    private Count erase(Drawer drawer, LocalDate day, Subject subject, Erased word) throws IOException {
        OpenedDrawer opened = new OpenedDrawer(shelf, keys, drawer, day);
        List<Row> rows = rows(drawer, subject);
        if (rows.isEmpty()) {
            return new Count(0, 0, 0);
        }
        Set<String> exchanges = new LinkedHashSet<>();
        Map<String, Reached> theirs = new HashMap<>();
        for (Row row : rows) {
            exchanges.add(row.exchange());
            reach(drawer, opened, row, theirs.computeIfAbsent(row.team(), any -> new Reached()));
        }
        Set<PieceId> nodes = new HashSet<>();
        Set<PieceId> pieces = new HashSet<>();
        long shared = 0;
        for (Map.Entry<String, Reached> team : theirs.entrySet()) {
            Reached others = others(drawer, opened, team.getKey(), exchanges);
            shared += team.getValue().pieces.stream()
                    .filter(others.pieces::contains)
                    .count();
            team.getValue().nodes.removeAll(others.nodes);
            team.getValue().pieces.removeAll(others.pieces);
            nodes.addAll(team.getValue().nodes);
            pieces.addAll(team.getValue().pieces);
        }
        List<Erased> words = exchanges.stream()
                .map(exchange -> new Erased(exchange, word.at(), word.by(), word.reason()))
                .toList();
        drawer.remove(new Removal(rows, nodes, pieces, words));
        return new Count(exchanges.size(), pieces.size(), shared);
    }

    private static List<Row> rows(Drawer drawer, Subject subject) throws IOException {
        List<Row> rows = new ArrayList<>();
        boolean unused = PayloadReader.rows(drawer, subject, Instant.MIN, Instant.MAX, rows::add);
        return rows;
    }

    private static Reached others(Drawer drawer, OpenedDrawer opened, String team, Set<String> exchanges)
            throws IOException {
        Reached others = new Reached();
        boolean unused =
                PayloadReader.rows(drawer, new Subject(Subject.Kind.TEAM, team), Instant.MIN, Instant.MAX, row -> {
                    if (!exchanges.contains(row.exchange())) {
                        reach(drawer, opened, row, others);
                    }
                    return true;
                });
        return others;
    }

    private static void reach(Drawer drawer, OpenedDrawer opened, Row row, Reached reached) throws IOException {
        for (Manifest.Ref ref : opened.manifest(row).refs()) {
            PieceId id = ref.id();
            if (!ref.isList()) {
                reached.pieces.add(id);
                continue;
            }
            // What leads to a node that was reached before was reached with it.
            while (!id.equals(PieceId.NONE) && reached.nodes.add(id)) {
                PieceId missing = id;
                Node node =
                        drawer.node(id).orElseThrow(() -> new IOException("a list of pieces breaks off at " + missing));
                reached.pieces.add(node.piece());
                id = node.parent();
            }
        }
    }
}
