package dev.tollgate.audit.seal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Collects, while the leaves of a tree pass in order, the proof that one of them is in it: RFC 6962 §2.1.1. Holds as many hashes as the tree has
 * levels. Not safe for use by several threads at once.
 */
public final class InclusionProof {
    private final long index;
    private final long size;
    /** From the leaf to the root, as a proof is written. */
    private final List<Sibling> siblings = new ArrayList<>();
    /** The same in the order in which their leaves pass. */
    private final List<Sibling> inOrder;

    private int current;
    private long next;

    /** A subtree beside the way from the leaf to the root. */
    private static final class Sibling {
        private final long start;
        private final long end;
        private final CompactRange leaves = new CompactRange();

        Sibling(long start, long end) {
            this.start = start;
            this.end = end;
        }
    }

    /**
     * @param index of the leaf, from 0
     * @param size of the tree, above index
     */
    public InclusionProof(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("leaf " + index + " is not in a tree of " + size);
        }
        this.index = index;
        this.size = size;
        collect(0, size);
        this.inOrder = siblings.stream()
                .sorted(Comparator.comparingLong(sibling -> sibling.start))
                .toList();
    }

    private void collect(long start, long end) {
        if (end - start == 1) {
            return;
        }
        // The largest power of two below the number of leaves.
        long middle = start + Long.highestOneBit(end - start - 1);
        if (index < middle) {
            collect(start, middle);
            siblings.add(new Sibling(middle, end));
        } else {
            collect(middle, end);
            siblings.add(new Sibling(start, middle));
        }
    }

    /** Takes what is known of the leaves before the first one that passes. The leaf that is proven must not be among them. */
    public void begin(CompactRange before) {
        if (before.size() > index || next != 0) {
            throw new IllegalArgumentException("leaf " + index + " is among those of which only the tree is kept");
        }
        int at = 0;
        List<byte[]> hashes = before.hashes();
        for (int level = Long.SIZE - 2; level >= 0; level--) {
            if ((before.size() >>> level & 1) == 1) {
                sibling().leaves.append(hashes.get(at++), level);
                next += 1L << level;
            }
        }
    }

    /** Takes the next leaf; those behind the tree are passed over. */
    public void take(byte[] leaf) {
        if (next < size && next != index) {
            sibling().leaves.append(leaf);
        }
        next++;
    }

    private Sibling sibling() {
        while (next >= inOrder.get(current).end) {
            current++;
        }
        return inOrder.get(current);
    }

    /** The hashes of the proof, from the leaf's sibling up. */
    public List<byte[]> hashes() {
        if (next < size) {
            throw new IllegalStateException("only " + next + " of " + size + " leaves have passed");
        }
        return siblings.stream().map(sibling -> sibling.leaves.root()).toList();
    }

    /** Whether a proof shows that a leaf is in the tree of this root. */
    public static boolean holds(long index, long size, byte[] leaf, List<byte[]> proof, byte[] root) {
        if (index < 0 || index >= size || leaf.length != TreeHash.LENGTH) {
            return false;
        }
        TreeHash hash = new TreeHash();
        byte[] at = leaf;
        long node = index;
        long last = size - 1;
        for (byte[] sibling : proof) {
            if (last == 0 || sibling.length != TreeHash.LENGTH) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                at = hash.node(sibling, at);
                while ((node & 1) == 0 && node != 0) {
                    node >>>= 1;
                    last >>>= 1;
                }
            } else {
                at = hash.node(at, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && Arrays.equals(at, root);
    }
}
