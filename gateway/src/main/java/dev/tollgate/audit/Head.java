package dev.tollgate.audit;

/**
 * The last acknowledged record of a journal.
 *
 * @param chain its chain
 * @param sequence its place in the chain
 * @param hash its hash in hex
 * @param end where the next record will begin
 */
public record Head(String chain, long sequence, String hash, Position end) {
    /** The head of a journal whose last record this is. */
    public static Head of(JournalEntry entry) {
        return new Head(entry.chain(), entry.sequence(), entry.hash(), entry.end());
    }

    /** The node that wrote it: the part of the chain's id that stays the same over all starts. */
    public String node() {
        int dot = chain.indexOf('.');
        return dot < 0 ? chain : chain.substring(0, dot);
    }

    @Override
    public String toString() {
        return "record " + sequence + " of chain " + chain;
    }
}
