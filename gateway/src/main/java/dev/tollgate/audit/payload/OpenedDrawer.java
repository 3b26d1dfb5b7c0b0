package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Node;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One drawer with what was read of it already: calls of a session share nearly everything. Blocks; for one thread. */
final class OpenedDrawer {
    /** Nodes that are remembered. */
    private static final int MAX_NODES = 200_000;
    /** Opened pieces that are remembered, in bytes. */
    private static final int MAX_PIECE_BYTES = 64 << 20;

    private final PayloadShelf shelf;
    private final PayloadKeys keys;
    private final Drawer drawer;
    private final LocalDate day;
    private final Map<String, Seal> seals = new LinkedHashMap<>();
    private final Map<PieceId, Node> nodes = new LinkedHashMap<>();
    private final Map<PieceId, byte[]> pieces = new LinkedHashMap<>(16, 0.75f, true);
    private long pieceBytes;

    OpenedDrawer(PayloadShelf shelf, PayloadKeys keys, Drawer drawer, LocalDate day) {
        this.shelf = shelf;
        this.keys = keys;
        this.drawer = drawer;
        this.day = day;
    }

    private Seal seal(String team) throws IOException {
        Seal known = seals.get(team);
        if (known == null) {
            known = new Seal(new TeamKeys(shelf.keys(), keys, day, team), keys.namer(shelf.secret(), team));
            seals.put(team, known);
        }
        return known;
    }

    Manifest manifest(Row row) throws IOException {
        byte[] name = Packing.rowName(row.exchange(), row.part());
        Seal seal = seal(row.team());
        try {
            return Manifest.read(seal.open(name, row.sealed()));
        } catch (KeyGoneException gone) {
            // Sealed anew since the row was read, maybe: then it is there under another key.
            Row again = drawer.row(row.nanos(), row.exchange(), row.part()).orElseThrow(() -> gone);
            return Manifest.read(seal.open(name, again.sealed()));
        }
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
            List<Node> list = ref.isList() ? list(ref.id()) : List.of(new Node(ref.id(), PieceId.NONE, ref.id(), 0));
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
                node = drawer.node(id).orElseThrow(() -> new IOException("a list of pieces breaks off at " + missing));
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
            read(team, unread).forEach((id, bytes) -> {
                opened.put(id, bytes);
                remember(id, bytes);
            });
        }
        return opened;
    }

    private Map<PieceId, byte[]> read(String team, List<PieceId> ids) throws IOException {
        Seal seal = seal(team);
        Map<PieceId, byte[]> read = new LinkedHashMap<>();
        List<PieceId> again = new ArrayList<>();
        for (Map.Entry<PieceId, byte[]> sealed : drawer.sealed(ids).entrySet()) {
            try {
                read.put(sealed.getKey(), seal.open(sealed.getKey().bytes(), sealed.getValue()));
            } catch (KeyGoneException gone) {
                // As in manifest().
                again.add(sealed.getKey());
            }
        }
        if (!again.isEmpty()) {
            for (Map.Entry<PieceId, byte[]> sealed : drawer.sealed(again).entrySet()) {
                read.put(sealed.getKey(), seal.open(sealed.getKey().bytes(), sealed.getValue()));
            }
        }
        return read;
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
                PayloadReader.whose(row),
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
