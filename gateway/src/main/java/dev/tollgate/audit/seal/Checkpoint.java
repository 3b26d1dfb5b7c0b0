package dev.tollgate.audit.seal;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a log signs of itself now and then, as the text of a C2SP tlog-checkpoint with extension lines:
 *
 * <pre>
 *   tollgate.dev/n4k2j7qxab                          origin, which is the name of the key
 *   1042                                             records in the tree: all before the one that carries this checkpoint
 *   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=     root of their tree
 *   head n4k2j7qxab.000012.x7f2/41 [64 hex digits]   the last of them and its hash
 *   time 2026-11-21T14:00:00Z
 *   previous 1000 [base64]                           the checkpoint before; missing in the first
 *   seen [origin] 77 [base64]                        newest checkpoint of another log that this one has seen, any number
 *   end open                                         closed in the last of a chain that was ended in good order; missing in earlier versions
 * </pre>
 *
 * @param origin name of the log
 * @param tree size and root
 * @param head the last record in the tree: {@code chain/sequence} and its hash in hex
 * @param at when it was signed
 * @param previous the one before; empty for the first of a log
 * @param seen other logs
 * @param end whether more follows
 */
public record Checkpoint(
        String origin, TreeHead tree, String head, Instant at, Optional<TreeHead> previous, List<Seen> seen, End end) {
    private static final int MAX_LINES = 1000;

    /**
     * A tree.
     *
     * @param size how many leaves it has
     * @param root its root in base64
     */
    public record TreeHead(long size, String root) {
        public TreeHead {
            if (size < 0 || Base64Text.decode(root).length != TreeHash.LENGTH) {
                throw new IllegalArgumentException("a tree has no negative size and a root of 32 bytes");
            }
        }

        public static TreeHead of(CompactRange tree) {
            return new TreeHead(tree.size(), Base64Text.of(tree.root()));
        }

        static TreeHead parse(String size, String root) {
            if (!size.matches("0|[1-9][0-9]{0,17}")) {
                throw new IllegalArgumentException("a checkpoint tells no size");
            }
            return new TreeHead(Long.parseLong(size), root);
        }

        public byte[] rootBytes() {
            return Base64Text.decode(root);
        }

        /** Size and root, a blank between them. */
        @Override
        public String toString() {
            return size + " " + root;
        }
    }

    /** Whether more follows behind a checkpoint. */
    public enum End {
        /** An earlier version made it. */
        UNTOLD,
        OPEN,
        /** Nothing does until the next start. */
        CLOSED
    }

    /** The newest checkpoint of another log. */
    public record Seen(String origin, TreeHead tree) {}

    public Checkpoint {
        seen = List.copyOf(seen);
    }

    /** The text that is signed. */
    public String text() {
        StringBuilder text = new StringBuilder(origin)
                .append('\n')
                .append(tree.size())
                .append('\n')
                .append(tree.root())
                .append("\nhead ")
                .append(head)
                .append("\ntime ")
                .append(at)
                .append('\n');
        previous.ifPresent(before -> text.append("previous ").append(before).append('\n'));
        seen.forEach(other -> text.append("seen ")
                .append(other.origin())
                .append(' ')
                .append(other.tree())
                .append('\n'));
        if (end != End.UNTOLD) {
            text.append("end ").append(end.name().toLowerCase(Locale.ROOT)).append('\n');
        }
        return text.toString();
    }

    /** Reads a text; lines of a kind that it does not know are passed over. */
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n", MAX_LINES);
        if (lines.length < 3 || lines[0].isEmpty()) {
            throw new IllegalArgumentException("a checkpoint has at least three lines");
        }
        TreeHead tree = TreeHead.parse(lines[1], lines[2]);
        String head = "";
        Instant at = Instant.EPOCH;
        Optional<TreeHead> previous = Optional.empty();
        List<Seen> seen = new ArrayList<>();
        End end = End.UNTOLD;
        for (int i = 3; i < lines.length; i++) {
            String[] words = lines[i].split(" ", -1);
            if (words[0].equals("head") && words.length == 3) {
                head = words[1] + " " + words[2];
            } else if (words[0].equals("time") && words.length == 2) {
                at = time(words[1]);
            } else if (words[0].equals("previous") && words.length == 3) {
                previous = Optional.of(TreeHead.parse(words[1], words[2]));
            } else if (words[0].equals("seen") && words.length == 4) {
                seen.add(new Seen(words[1], TreeHead.parse(words[2], words[3])));
            } else if (words[0].equals("end") && words.length == 2) {
                end = words[1].equals("closed") ? End.CLOSED : End.OPEN;
            }
        }
        return new Checkpoint(lines[0], tree, head, at, previous, seen, end);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException("a checkpoint tells no time", malformed);
        }
    }
}
