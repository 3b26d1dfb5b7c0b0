package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Node;
import dev.tollgate.audit.payload.PayloadShelf.Place;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
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
    /** Nodes and opened pieces that are remembered while one drawer is read. */
    private static final int MAX_NODES = 200_000;

    private static final int MAX_PIECE_BYTES = 64 << 20;

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
                        return (Answer) new Answer.Kept(new Opened(drawer, day).whole(row.get()));
                    }
                    return drawer.erased(exchange)
                            .<Answer>map(Answer.Erased::new)
                            .orElseGet(Answer.Missing::new);
                })
                .orElseGet(Answer.Missing::new);
    }

    /** Visits payloads of calls that came in from one moment to before another, in the order of their calls. */
    public void each(Subject subject, Instant from, Instant to, Visitor visitor) throws IOException {
        for (LocalDate day : days(from, to)) {
            boolean more = shelf.read(day, drawer -> {
                        Opened opened = new Opened(drawer, day);
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
                        Opened opened = new Opened(drawer, day);
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

    /** One drawer with what was read of it already: calls of a session share nearly everything. */
    final class Opened {
        private final Drawer drawer;
        private final LocalDate day;
        private final Map<String, Seal> seals = new LinkedHashMap<>();
        private final Map<PieceId, Node> nodes = new LinkedHashMap<>();
        private final Map<PieceId, byte[]> pieces = new LinkedHashMap<>(16, 0.75f, true);
        private long pieceBytes;

        Opened(Drawer drawer, LocalDate day) {
            this.drawer = drawer;
            this.day = day;
        }

        private Seal seal(String team) throws IOException {
            Seal known = seals.get(team);
            if (known == null) {
                known = new Seal(keys, shelf.secret(), team, day);
                seals.put(team, known);
            }
            return known;
        }

        Manifest manifest(Row row) throws IOException {
            return Manifest.read(seal(row.team()).open(Packing.rowName(row.exchange(), row.part()), row.sealed()));
        }

        /** The pieces that together are a payload. */
        List<PieceId> pieces(Row row) throws IOException {
            return pieces(manifest(row));
        }

        private List<PieceId> pieces(Manifest manifest) throws IOException {
            List<PieceId> ids = new ArrayList<>();
            for (Manifest.Ref ref : manifest.refs()) {
                if (ref.isList()) {
                    list(ref.id()).forEach(node -> ids.add(node.piece()));
                } else {
                    ids.add(ref.id());
                }
            }
            return ids;
        }

        StoredPayload whole(Row row) throws IOException {
            Manifest manifest = manifest(row);
            List<PieceId> ids = pieces(manifest);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) manifest.bytes());
            Map<PieceId, byte[]> opened = open(row.team(), ids);
            for (PieceId id : ids) {
                bytes.writeBytes(piece(opened, id, row));
            }
            return payload(row, manifest, bytes.toByteArray());
        }

        /** @param seen what the calls before had; what this one has is added */
        Step step(Row row, Set<PieceId> seen) throws IOException {
            if (row.part() == Part.REPLY) {
                return Step.ofReply(whole(row));
            }
            Manifest manifest = manifest(row);
            List<PieceId> ids = new ArrayList<>();
            List<Step.Piece> empty = new ArrayList<>();
            for (Manifest.Ref ref : manifest.refs()) {
                List<Node> list = ref.isList() ? list(ref.id()) : List.of(new Node(ref.id(), PieceId.NONE, ref.id()));
                for (Node node : list) {
                    ids.add(node.piece());
                    empty.add(new Step.Piece(seen.add(node.id()), ref.isList(), new byte[0]));
                }
            }
            Map<PieceId, byte[]> opened = open(row.team(), ids);
            List<Step.Piece> pieces = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                pieces.add(new Step.Piece(
                        empty.get(i).isNew(), empty.get(i).isConversation(), piece(opened, ids.get(i), row)));
            }
            return Step.ofRequest(payload(row, manifest, new byte[0]), pieces);
        }

        /** All nodes of a list, the first of them first. */
        List<Node> list(PieceId last) throws IOException {
            List<Node> list = new ArrayList<>();
            for (PieceId id = last; !id.equals(PieceId.NONE); ) {
                Node node = nodes.get(id);
                if (node == null) {
                    PieceId missing = id;
                    node = drawer.node(id)
                            .orElseThrow(() -> new IOException("a list of pieces breaks off at " + missing));
                    if (nodes.size() >= MAX_NODES) {
                        nodes.clear();
                    }
                    nodes.put(id, node);
                }
                list.add(node);
                id = node.parent();
            }
            return list.reversed();
        }

        Map<PieceId, byte[]> open(String team, Collection<PieceId> ids) throws IOException {
            Map<PieceId, byte[]> opened = new LinkedHashMap<>();
            List<PieceId> unread = new ArrayList<>();
            for (PieceId id : new HashSet<>(ids)) {
                byte[] known = pieces.get(id);
                if (known == null) {
                    unread.add(id);
                } else {
                    opened.put(id, known);
                }
            }
            if (!unread.isEmpty()) {
                for (Map.Entry<PieceId, byte[]> sealed : drawer.sealed(unread).entrySet()) {
                    byte[] bytes = seal(team).open(sealed.getKey().bytes(), sealed.getValue());
                    opened.put(sealed.getKey(), bytes);
                    remember(sealed.getKey(), bytes);
                }
            }
            return opened;
        }

        private void remember(PieceId id, byte[] bytes) {
            pieces.put(id, bytes);
            pieceBytes += bytes.length;
            var oldest = pieces.entrySet().iterator();
            while (pieceBytes > MAX_PIECE_BYTES && oldest.hasNext()) {
                pieceBytes -= oldest.next().getValue().length;
                oldest.remove();
            }
        }

        private byte[] piece(Map<PieceId, byte[]> opened, PieceId id, Row row) throws IOException {
            byte[] bytes = opened.get(id);
            if (bytes == null) {
                throw new IOException("a piece of the " + row.part().id() + " of " + row.exchange() + " is missing");
            }
            return bytes;
        }

        private StoredPayload payload(Row row, Manifest manifest, byte[] bytes) {
            return new StoredPayload(
                    whose(row),
                    row.part(),
                    manifest.level(),
                    manifest.salt(),
                    bytes,
                    manifest.total(),
                    manifest.masked(),
                    manifest.isAssembled(),
                    manifest.head());
        }
    }

    static Payload.Whose whose(Row row) {
        Instant at = Instant.ofEpochSecond(0, row.nanos());
        return new Payload.Whose(row.exchange(), at, row.team(), row.agent(), row.session(), row.user());
    }
}
