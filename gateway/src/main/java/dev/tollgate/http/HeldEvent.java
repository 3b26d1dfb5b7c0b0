package dev.tollgate.http;

import dev.tollgate.wire.JsonEdits.Change;
import dev.tollgate.wire.JsonEdits.Edit;
import dev.tollgate.wire.ReplyStrings.Said;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event of a reply that waits.
 *
 * @param raw its bytes
 * @param name its name; null if it has none
 * @param data its content; null if it has none
 * @param pieces what it says
 * @param charsBefore chars of the reply that came before it
 * @param rest what alone is to be said of it, where it is the copy of an event that has left; else null
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record HeldEvent(
        byte[] raw,
        @Nullable String name,
        byte @Nullable [] data,
        List<Piece> pieces,
        long charsBefore,
        @Nullable Piece rest) {

    /** A string of an event, and where in its text it stands. */
    record Piece(ReplyText text, Said said, int start) {
        int length() {
            return said.text().length();
        }

        boolean isDecided() {
            return text.channel().isDecided(start + length());
        }
    }

    /** A copy that says only what this left behind of one text. */
    HeldEvent rest(Piece left, long chars) {
        return new HeldEvent(raw, name, data, pieces, chars, left);
    }

    boolean isDecided() {
        for (Piece piece : pieces) {
            if (!piece.isDecided()) {
                return false;
            }
        }
        return true;
    }

    /** What is changed in it as it leaves, all that is undecided left out; empty where it leaves as it came. To be asked once. */
    List<Change> leave() {
        if (rest != null) {
            return leaveRest(rest);
        }
        List<Change> changes = List.of();
        for (Piece piece : pieces) {
            List<Edit> edits = piece.text.channel().pass(piece.start, piece.length());
            piece.text.left();
            if (!piece.isDecided()) {
                piece.text.shortened(this, piece.said);
            }
            if (!edits.isEmpty()) {
                changes = changes.isEmpty() ? new ArrayList<>() : changes;
                changes.add(new Change(piece.said, edits));
            }
        }
        return changes;
    }

    /** Everything else that it said has left before. */
    private List<Change> leaveRest(Piece left) {
        List<Change> changes = new ArrayList<>();
        for (Piece piece : pieces) {
            Said said = piece.said;
            Edit nothing = new Edit(0, piece.length(), "");
            if (said.equals(left.said)) {
                List<Edit> edits = new ArrayList<>(left.text.channel().pass(left.start, 0));
                edits.add(nothing);
                changes.add(new Change(said, edits));
                left.text.left();
            } else if (!said.channel().isEmpty()) {
                changes.add(new Change(said, List.of(nothing)));
            }
        }
        return changes;
    }
}
