package dev.tollgate.audit.seal;

import java.util.ArrayList;
import java.util.List;

/**
 * A Merkle tree that only grows, as the roots of its complete subtrees: one hash for each bit set in its size. Enough to append leaves and to tell the
 * root. Not safe for use by several threads at once.
 */
public final class CompactRange {
    private static final int MAX_LEVELS = 62;

    private final TreeHash hash = new TreeHash();
    /** By level the root of a complete subtree of 2^level leaves, where the size has that bit. */
    private final byte[][] subtrees = new byte[MAX_LEVELS + 1][];

    private long size;

    /** The tree that {@link #hashes} told of. */
    public static CompactRange of(long size, List<byte[]> hashes) {
        if (size < 0 || Long.bitCount(size) != hashes.size() || size >>> MAX_LEVELS != 0) {
            throw new IllegalArgumentException(hashes.size() + " hashes do not make a tree of " + size);
        }
        CompactRange range = new CompactRange();
        int next = 0;
        for (int level = MAX_LEVELS; level >= 0; level--) {
            if ((size >>> level & 1) == 1) {
                range.append(hashes.get(next++), level);
            }
        }
        return range;
    }

    public void append(byte[] leaf) {
        append(leaf, 0);
    }

    /**
     * Appends a complete subtree.
     *
     * @param level it has 2^level leaves; the size must be a multiple of that
     */
    void append(byte[] subtree, int level) {
        if (subtree.length != TreeHash.LENGTH || (size & ((1L << level) - 1)) != 0) {
            throw new IllegalArgumentException("no subtree of 2^" + level + " leaves fits behind " + size);
        }
        byte[] joined = subtree;
        int at = level;
        while ((size >>> at & 1) == 1) {
            joined = hash.node(subtrees[at], joined);
            at++;
        }
        subtrees[at] = joined;
        size += 1L << level;
    }

    public long size() {
        return size;
    }

    public byte[] root() {
        byte[] root = null;
        for (int level = 0; level <= MAX_LEVELS; level++) {
            if ((size >>> level & 1) == 1) {
                root = root == null ? subtrees[level] : hash.node(subtrees[level], root);
            }
        }
        return root == null ? hash.empty() : root.clone();
    }

    /** The roots of the complete subtrees, the largest first. */
    public List<byte[]> hashes() {
        List<byte[]> hashes = new ArrayList<>();
        for (int level = MAX_LEVELS; level >= 0; level--) {
            if ((size >>> level & 1) == 1) {
                hashes.add(subtrees[level].clone());
            }
        }
        return hashes;
    }
}
