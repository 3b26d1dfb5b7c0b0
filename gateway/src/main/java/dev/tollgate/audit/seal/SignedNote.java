package dev.tollgate.audit.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text with signatures below it, as C2SP signed-note describes it. What it says counts only once a key has verified it.
 *
 * @param text what is signed, its last newline included
 * @param signatures who signed it, 1 to {@value #MAX_SIGNATURES}
 */
public record SignedNote(String text, List<Signature> signatures) {
    private static final int MAX_SIGNATURES = 100;
    private static final int MAX_CHARACTERS = 256 * 1024;
    private static final String DASH = "\u2014 ";

    /**
     * @param name of the key
     * @param encoded base64 over the first four bytes of the hash of the key, and the signature itself
     */
    public record Signature(String name, String encoded) {
        private static final int ID_LENGTH = 4;

        public Signature {
            if (name.isEmpty() || name.indexOf('+') >= 0 || Base64Text.decode(encoded).length <= ID_LENGTH) {
                throw new IllegalArgumentException("a signature of a note is malformed");
            }
        }

        static Signature of(VerifierKey key, byte[] signature) {
            byte[] all = ByteBuffer.allocate(ID_LENGTH + signature.length)
                    .putInt(key.id())
                    .put(signature)
                    .array();
            return new Signature(key.name(), Base64Text.of(all));
        }

        static Signature parse(String line) {
            int blank = line.indexOf(' ', DASH.length());
            if (!line.startsWith(DASH) || blank < 0) {
                throw new IllegalArgumentException("a line below a note is no signature");
            }
            return new Signature(line.substring(DASH.length(), blank), line.substring(blank + 1));
        }

        int keyId() {
            return ByteBuffer.wrap(Base64Text.decode(encoded)).getInt();
        }

        byte[] bytes() {
            byte[] all = Base64Text.decode(encoded);
            return Arrays.copyOfRange(all, ID_LENGTH, all.length);
        }
    }

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    /** Reads a note. */
    public static SignedNote parse(String note) {
        int split = note.lastIndexOf("\n\n");
        if (note.length() > MAX_CHARACTERS || split < 0 || !note.endsWith("\n")) {
            throw new IllegalArgumentException("a note is too long or has no signature");
        }
        if (note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            throw new IllegalArgumentException("a note holds control characters");
        }
        List<Signature> signatures = new ArrayList<>();
        for (String line : note.substring(split + 2, note.length() - 1).split("\n", -1)) {
            if (signatures.size() == MAX_SIGNATURES) {
                throw new IllegalArgumentException("a note has more than " + MAX_SIGNATURES + " signatures");
            }
            signatures.add(Signature.parse(line));
        }
        return new SignedNote(note.substring(0, split + 1), signatures);
    }

    byte[] signedBytes() {
        return text.getBytes(UTF_8);
    }

    /** The note as it is written. */
    @Override
    public String toString() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(DASH)
                .append(signature.name())
                .append(' ')
                .append(signature.encoded())
                .append('\n'));
        return note.toString();
    }
}
