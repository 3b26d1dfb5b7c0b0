package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadShelf.Additions;
import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Node;
import dev.tollgate.audit.payload.PayloadShelf.Piece;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.wire.MessageBorders.Stretch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out what of a batch of payloads a drawer does not have yet, and puts it there.
 *
 * <p>Every stretch that grows gets a node whose name is the hash of its parent and its piece, so that a list which begins like another one
 * names the same nodes. The last node that is known already is looked for from the end: where a node is, everything before it is too.
 */
final class Packing {
    /** So many nodes are asked for at once, from the end: an agent's turn adds two or three. */
    private static final int LOOK_BACK = 16;

    private static final int MAX_PIECE_BYTES = 4 << 20;

    private final Drawer drawer;
    private final Map<PieceId, Piece> pieces = new LinkedHashMap<>();
    private final Map<PieceId, Node> nodes = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();

    Packing(Drawer drawer) {
        this.drawer = drawer;
    }

    void add(Payload payload, Seal seal) throws IOException {
        List<Manifest.Ref> refs = new ArrayList<>();
        List<Node> list = new ArrayList<>();
        List<Stretch> listed = new ArrayList<>();
        List<Stretch> single = new ArrayList<>();
        List<PieceId> singleIds = new ArrayList<>();
        long mark = seal.mark();
        for (Stretch stretch : bounded(payload.borders().get())) {
            PieceId piece = seal.name(payload.bytes(), stretch.start(), stretch.end());
            if (stretch.grows()) {
                PieceId parent = list.isEmpty() ? PieceId.NONE : list.getLast().id();
                list.add(new Node(seal.node(parent, piece), parent, piece, mark));
                listed.add(stretch);
            } else {
                list(list, listed, refs, payload, seal);
                refs.add(new Manifest.Ref(false, piece));
                single.add(stretch);
                singleIds.add(piece);
            }
        }
        list(list, listed, refs, payload, seal);
        pieces(singleIds, single, payload, seal);
        Payload.Whose whose = payload.whose();
        Manifest manifest = new Manifest(
                payload.level(),
                payload.salt(),
                payload.bytes().length,
                payload.total(),
                payload.masked(),
                payload.isAssembled(),
                payload.head(),
                refs);
        rows.add(new Row(
                whose.exchange(),
                payload.part(),
                nanos(whose.at()),
                whose.team(),
                whose.agent(),
                whose.session(),
                whose.user(),
                seal.close(rowName(whose.exchange(), payload.part()), manifest.write())));
    }

    /** No piece longer than a document of MongoDB can be. */
    private static List<Stretch> bounded(List<Stretch> stretches) {
        List<Stretch> bounded = new ArrayList<>(stretches.size());
        for (Stretch stretch : stretches) {
            for (int from = stretch.start(); from < stretch.end(); from += MAX_PIECE_BYTES) {
                bounded.add(new Stretch(from, Math.min(stretch.end(), from + MAX_PIECE_BYTES), stretch.grows()));
            }
        }
        return bounded;
    }

    static byte[] rowName(String exchange, Part part) {
        return (exchange + "/" + part.id()).getBytes(StandardCharsets.UTF_8);
    }

    static long nanos(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
    }

    /** Ends a list of pieces: adds its nodes from the first that is not known. */
    private void list(List<Node> list, List<Stretch> stretches, List<Manifest.Ref> refs, Payload payload, Seal seal)
            throws IOException {
        if (list.isEmpty()) {
            return;
        }
        refs.add(new Manifest.Ref(true, list.getLast().id()));
        int firstNew = firstNew(list);
        List<PieceId> ids = new ArrayList<>();
        for (Node node : list.subList(firstNew, list.size())) {
            nodes.put(node.id(), node);
            ids.add(node.piece());
        }
        pieces(ids, stretches.subList(firstNew, stretches.size()), payload, seal);
        list.clear();
        stretches.clear();
    }

    private int firstNew(List<Node> list) throws IOException {
        for (int to = list.size(); to > 0; to -= LOOK_BACK) {
            List<PieceId> ids = list.subList(Math.max(0, to - LOOK_BACK), to).stream()
                    .map(Node::id)
                    .toList();
            Set<PieceId> there = drawer.nodes(ids);
            for (int i = ids.size() - 1; i >= 0; i--) {
                if (there.contains(ids.get(i)) || nodes.containsKey(ids.get(i))) {
                    return to - ids.size() + i + 1;
                }
            }
        }
        return 0;
    }

    private void pieces(List<PieceId> ids, List<Stretch> stretches, Payload payload, Seal seal) throws IOException {
        if (ids.isEmpty()) {
            return;
        }
        Set<PieceId> there = drawer.pieces(ids);
        for (int i = 0; i < ids.size(); i++) {
            PieceId id = ids.get(i);
            if (!there.contains(id) && !pieces.containsKey(id)) {
                Stretch stretch = stretches.get(i);
                byte[] bytes = Arrays.copyOfRange(payload.bytes(), stretch.start(), stretch.end());
                pieces.put(id, new Piece(seal.close(id.bytes(), bytes), seal.mark()));
            }
        }
    }

    void put() throws IOException {
        drawer.put(new Additions(pieces, new ArrayList<>(nodes.values()), rows));
    }
}
