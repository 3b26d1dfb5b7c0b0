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
    static Head of(JournalEntry entry) {
        return new Head(entry.chain(), entry.sequence(), entry.hash(), entry.end());
    }

    @Override
    public String toString() {
        return "record " + sequence + " of chain " + chain;
    }
}
