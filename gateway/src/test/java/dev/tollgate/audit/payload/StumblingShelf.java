package dev.tollgate.audit.payload;

import java.io.IOException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A shelf at which a process is killed before its n-th step that changes something, and within those that are not all or nothing. */
final class StumblingShelf implements PayloadShelf {
    private final PayloadShelf shelf;
    private int steps;

    /** @param steps that succeed */
    StumblingShelf(PayloadShelf shelf, int steps) {
        this.shelf = shelf;
        this.steps = steps;
    }

    private void step() throws IOException {
        if (steps-- <= 0) {
            throw new IOException("killed here");
        }
    }

    @Override
    public <T> T change(LocalDate day, Work<T> work) throws IOException {
        step();
        return shelf.change(day, drawer -> work.on(new Stumbling(drawer)));
    }

    @Override
    public <T> Optional<T> read(LocalDate day, Work<T> work) throws IOException {
        return shelf.read(day, work);
    }

    @Override
    public List<LocalDate> days() throws IOException {
        return shelf.days();
    }

    @Override
    public Optional<Long> drop(LocalDate day) throws IOException {
        return shelf.drop(day);
    }

    @Override
    public byte[] secret() throws IOException {
        return shelf.secret();
    }

    @Override
    public KeyTable keys() {
        KeyTable keys = shelf.keys();
        return new KeyTable() {
            @Override
            public List<Wrapped> of(LocalDate day, String team) throws IOException {
                return keys.of(day, team);
            }

            @Override
            public void add(Wrapped key) throws IOException {
                step();
                keys.add(key);
            }

            @Override
            public void destroy(Wrapped key) throws IOException {
                step();
                keys.destroy(key);
            }

            @Override
            public void destroyBefore(LocalDate first) throws IOException {
                step();
                keys.destroyBefore(first);
            }

            @Override
            public List<TeamDay> unfinished() throws IOException {
                return keys.unfinished();
            }
        };
    }

    @Override
    public void close() {
        // Its owner closes it.
    }

    private final class Stumbling implements Drawer {
        private final Drawer drawer;

        Stumbling(Drawer drawer) {
            this.drawer = drawer;
        }

        @Override
        public void remove(Removal removal) throws IOException {
            step();
            drawer.remove(new Removal(List.of(), half(removal.nodes()), Set.of(), removal.erased()));
            step();
            drawer.remove(new Removal(List.of(), removal.nodes(), half(removal.pieces()), removal.erased()));
            step();
            drawer.remove(removal);
        }

        private static Set<PieceId> half(Set<PieceId> ids) {
            Set<PieceId> half = new HashSet<>();
            for (PieceId id : ids) {
                if (half.size() < (ids.size() + 1) / 2) {
                    half.add(id);
                }
            }
            return half;
        }

        @Override
        public void reseal(Resealed resealed) throws IOException {
            step();
            Map<PieceId, byte[]> pieces = resealed.pieces();
            Set<PieceId> some = half(pieces.keySet());
            Map<PieceId, byte[]> others = new java.util.HashMap<>(pieces);
            others.keySet().retainAll(some);
            drawer.reseal(new Resealed(resealed.mark(), others, List.of(), List.of()));
            step();
            drawer.reseal(resealed);
        }

        @Override
        public void bar(Erased word) throws IOException {
            step();
            drawer.bar(word);
        }

        @Override
        public void put(Additions additions) throws IOException {
            step();
            drawer.put(additions);
        }

        @Override
        public Set<PieceId> nodes(Collection<PieceId> ids) throws IOException {
            return drawer.nodes(ids);
        }

        @Override
        public Set<PieceId> pieces(Collection<PieceId> ids) throws IOException {
            return drawer.pieces(ids);
        }

        @Override
        public Optional<Node> node(PieceId id) throws IOException {
            return drawer.node(id);
        }

        @Override
        public Map<PieceId, byte[]> sealed(Collection<PieceId> ids) throws IOException {
            return drawer.sealed(ids);
        }

        @Override
        public Optional<Row> row(long nanos, String exchange, Part part) throws IOException {
            return drawer.row(nanos, exchange, part);
        }

        @Override
        public long count(long nanos) throws IOException {
            return drawer.count(nanos);
        }

        @Override
        public List<Row> rows(Subject subject, Place behind, int limit) throws IOException {
            return drawer.rows(subject, behind, limit);
        }

        @Override
        public Optional<Erased> erased(String exchange) throws IOException {
            return drawer.erased(exchange);
        }

        @Override
        public Map<String, Erased> barred(Collection<String> subjects) throws IOException {
            return drawer.barred(subjects);
        }

        @Override
        public Marked marked(Set<Long> marks) throws IOException {
            return drawer.marked(marks);
        }
    }
}
