package dev.tollgate.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.wire.ReplyStrings.Said;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Changes strings of a JSON document where they stand: every byte that is not replaced stays as it came, escapes and all. */
public final class JsonEdits {
    private static final int UNICODE_ESCAPE = 6;

    private final byte[] json;
    private final ByteArrayOutputStream out;
    private int copied;
    private int at;
    private int chars;

    /**
     * One change to a string.
     *
     * @param from first char of it that is replaced, decoded
     * @param to one past the last
     * @param with what stands there instead, not escaped
     */
    public record Edit(int from, int to, String with) {
        @Override
        public String toString() {
            return "Edit[" + from + ".." + to + ", redacted]";
        }
    }

    /**
     * A string and what is changed in it.
     *
     * @param edits in their order, not overlapping
     */
    public record Change(Said said, List<Edit> edits) {
        public Change {
            edits = List.copyOf(edits);
        }
    }

    private JsonEdits(byte[] json) {
        this.json = json;
        this.out = new ByteArrayOutputStream(json.length + 256);
    }

    /**
     * The document with all changes made.
     *
     * @param changes in the order of their strings
     */
    public static byte[] apply(byte[] json, List<Change> changes) {
        JsonEdits edits = new JsonEdits(json);
        for (Change change : changes) {
            edits.at = change.said().start() + 1;
            edits.chars = 0;
            change.edits().forEach(edits::make);
        }
        edits.out.write(json, edits.copied, json.length - edits.copied);
        return edits.out.toByteArray();
    }

    private void make(Edit edit) {
        advance(edit.from());
        out.write(json, copied, at - copied);
        out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(edit.with()));
        advance(edit.to());
        copied = at;
    }

    /** Goes on to a char of the string. */
    private void advance(int target) {
        while (chars < target) {
            int first = Byte.toUnsignedInt(json[at]);
            if (first == '\\') {
                at += json[at + 1] == 'u' ? UNICODE_ESCAPE : 2;
                chars++;
            } else if (first < 0xF0) {
                at += first < 0x80 ? 1 : first < 0xE0 ? 2 : 3;
                chars++;
            } else {
                at += 4;
                chars += 2;
            }
        }
    }
}
