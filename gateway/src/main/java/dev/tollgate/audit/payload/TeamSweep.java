package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.KeyTable.Wrapped;
import dev.tollgate.audit.payload.PayloadEraser.Count;
import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Marked;
import dev.tollgate.audit.payload.PayloadShelf.Node;
import dev.tollgate.audit.payload.PayloadShelf.Removal;
import dev.tollgate.audit.payload.PayloadShelf.Resealed;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes out of one team's day what nothing that stays leads to, and seals what stays with a new key, if anything is encrypted. The old keys are
 * destroyed by the caller, when all of this is on the disk. For one thread that has the day to itself.
 */
final class TeamSweep {
    /** Pieces and rows that are sealed anew at once. */
    private static final int CHUNK = 128;

    private final Drawer drawer;
    private final String team;
    private final OpenedDrawer opened;
    private final TeamKeys keys;
    private final Seal seal;

    /** What rows lead to. */
    private static final class Reached {
        private final Set<PieceId> nodes = new HashSet<>();
        private final Set<PieceId> pieces = new HashSet<>();
    }

    TeamSweep(PayloadShelf shelf, PayloadKeys roots, Drawer drawer, LocalDate day, String team) throws IOException {
        this.drawer = drawer;
        this.team = team;
        this.opened = new OpenedDrawer(shelf, roots, drawer, day);
        this.keys = new TeamKeys(shelf.keys(), roots, day, team);
        this.seal = new Seal(keys, roots.namer(shelf.secret(), team));
    }

    /** Takes out rows, with word of it, and what only they lead to. */
    Count erase(List<Row> rows, Erased word) throws IOException {
        Set<String> exchanges = new LinkedHashSet<>();
        Reached theirs = new Reached();
        for (Row row : rows) {
            exchanges.add(row.exchange());
            reach(row, theirs);
        }
        Reached others = staying(exchanges);
        boolean isSealed = keys.renew().isPresent();
        List<Erased> words = exchanges.stream()
                .map(exchange -> new Erased(exchange, word.at(), word.by(), word.reason()))
                .toList();
        long shared = theirs.pieces.stream().filter(others.pieces::contains).count();
        Count count = new Count(exchanges.size(), theirs.pieces.size() - shared, shared);
        Marked marked = drawer.marked(oldMarks());
        drawer.remove(new Removal(
                rows,
                without(others.nodes, theirs.nodes, marked.nodes()),
                without(others.pieces, theirs.pieces, marked.pieces()),
                words));
        if (isSealed) {
            sealAnew(marked, others, exchanges);
        }
        return count;
    }

    /** Does what an erasure that was cut short has left to do, but for taking out its rows. */
    void finish() throws IOException {
        Reached all = staying(Set.of());
        Marked marked = drawer.marked(oldMarks());
        drawer.remove(new Removal(
                List.of(), without(all.nodes, marked.nodes()), without(all.pieces, marked.pieces()), List.of()));
        sealAnew(marked, all, Set.of());
    }

    /** Keys that nothing is sealed with any more once this is done. */
    List<Wrapped> outdated() throws IOException {
        return keys.outdated();
    }

    private Set<Long> oldMarks() throws IOException {
        Set<Long> marks = new HashSet<>();
        // What was written while there was no key, or there is none.
        marks.add(seal.markOf(0));
        for (Wrapped key : keys.outdated()) {
            marks.add(seal.markOf(key.id()));
        }
        return marks;
    }

    @SafeVarargs
    private static Set<PieceId> without(Set<PieceId> staying, Set<PieceId>... candidates) {
        Set<PieceId> gone = new HashSet<>();
        for (Set<PieceId> some : candidates) {
            gone.addAll(some);
        }
        gone.removeAll(staying);
        return gone;
    }

    private Reached staying(Set<String> erased) throws IOException {
        Reached others = new Reached();
        boolean unused = PayloadReader.rows(drawer, whole(), Instant.MIN, Instant.MAX, row -> {
            if (!erased.contains(row.exchange())) {
                reach(row, others);
            }
            return true;
        });
        return others;
    }

    private Subject whole() {
        return new Subject(Subject.Kind.TEAM, team);
    }

    private void reach(Row row, Reached reached) throws IOException {
        for (Manifest.Ref ref : opened.manifest(row).refs()) {
            PieceId id = ref.id();
            if (!ref.isList()) {
                reached.pieces.add(id);
                continue;
            }
            // What leads to a node that was reached before was reached with it.
            while (!id.equals(PieceId.NONE) && reached.nodes.add(id)) {
                Node node = drawer.node(id).orElse(null);
                if (node == null) {
                    // An erasure that was cut short took it away: what it led to is found by its mark.
                    break;
                }
                reached.pieces.add(node.piece());
                id = node.parent();
            }
        }
    }

    private void sealAnew(Marked marked, Reached staying, Set<String> erased) throws IOException {
        List<PieceId> pieces =
                marked.pieces().stream().filter(staying.pieces::contains).toList();
        for (int from = 0; from < pieces.size(); from += CHUNK) {
            Map<PieceId, byte[]> anew = new HashMap<>();
            List<PieceId> some = pieces.subList(from, Math.min(pieces.size(), from + CHUNK));
            for (Map.Entry<PieceId, byte[]> old : drawer.sealed(some).entrySet()) {
                byte[] name = old.getKey().bytes();
                anew.put(old.getKey(), seal.close(name, seal.open(name, old.getValue())));
            }
            drawer.reseal(new Resealed(seal.mark(), anew, List.of(), List.of()));
        }
        List<PieceId> nodes =
                marked.nodes().stream().filter(staying.nodes::contains).toList();
        drawer.reseal(new Resealed(seal.mark(), Map.of(), nodes, List.of()));
        List<Row> rows = new ArrayList<>();
        boolean unused = PayloadReader.rows(drawer, whole(), Instant.MIN, Instant.MAX, row -> {
            if (!erased.contains(row.exchange()) && !seal.isCurrent(row.sealed())) {
                byte[] name = Packing.rowName(row.exchange(), row.part());
                rows.add(row.withSealed(seal.close(name, seal.open(name, row.sealed()))));
            }
            if (rows.size() >= CHUNK) {
                drawer.reseal(new Resealed(seal.mark(), Map.of(), List.of(), rows));
                rows.clear();
            }
            return true;
        });
        drawer.reseal(new Resealed(seal.mark(), Map.of(), List.of(), rows));
    }
}
