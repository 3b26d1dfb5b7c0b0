package dev.tollgate.audit.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.KeyChange;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.Signer;
import dev.tollgate.audit.Tombstone;
import dev.tollgate.audit.evidence.EvidencePack.Item;
import dev.tollgate.audit.seal.Base64Text;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.CompactRange;
import dev.tollgate.audit.seal.InclusionProof;
import dev.tollgate.audit.seal.SignedNote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the evidence of one call out of a log, in two passes: the first finds its records, the second collects the proofs. */
public final class EvidenceExport {
    /** Records of one call that are taken: received, ended, what was raised and decided between. */
    private static final int MAX_RECORDS = 1000;

    private final String exchange;
    private final List<Found> found = new ArrayList<>();
    private final List<Signer> signers = new ArrayList<>();
    private List<Signer> signersThen = List.of();
    private String covering = "";
    private @Nullable JournalEntry first;
    private @Nullable Tombstone dropped;
    private long size;
    private long next;

    private record Found(long index, JournalEntry entry) {}

    private EvidenceExport(String exchange) {
        this.exchange = exchange;
    }

    /** The log does not know the call. */
    public static final class NoSuchCall extends IOException {
        private static final long serialVersionUID = 1;

        NoSuchCall(String message) {
            super(message);
        }
    }

    /**
     * Takes the evidence of a call.
     *
     * @throws NoSuchCall if the log does not know it
     * @throws IOException if the log cannot be read, or no checkpoint covers the call yet
     */
    public static EvidencePack of(LogSource log, String exchange) throws IOException {
        EvidenceExport export = new EvidenceExport(exchange);
        log.each(export::find);
        export.refuseUnexplainedBeginning();
        if (export.found.isEmpty()) {
            Tombstone gone = export.dropped;
            throw new NoSuchCall("the log has no call " + exchange + (gone == null ? "" : "; " + gone));
        }
        if (export.covering.isEmpty()) {
            throw new IOException("no checkpoint covers the call yet; try again in 10 seconds");
        }
        return export.prove(log);
    }

    private void refuseUnexplainedBeginning() throws IOException {
        if (first != null && !isFirstOfAll(first) && dropped == null) {
            throw new IOException("the log begins with " + first + ", and no record in it says why; verify it");
        }
    }

    private static boolean isFirstOfAll(JournalEntry entry) {
        return entry.previous().chars().allMatch(digit -> digit == '0');
    }

    private boolean find(JournalEntry entry) throws IOException {
        if (first == null) {
            first = entry;
        }
        switch (entry.type()) {
            case "checkpoint" -> checkpoint((Sealed) entry.record());
            case "administrative" -> administrative(entry, (Administrative) entry.record());
            default -> {
                // The id stands in the record as it is: the rest need not be read.
                if (entry.mentions(exchange)) {
                    call(entry);
                }
            }
        }
        next++;
        return true;
    }

    private void call(JournalEntry entry) throws IOException {
        boolean isIts = switch (entry.record()) {
            case Received received -> received.exchange().value().equals(exchange);
            case Ended ended -> ended.exchange().value().equals(exchange);
            default -> false;
        };
        if (isIts) {
            take(entry);
        }
    }

    private void administrative(JournalEntry entry, Administrative said) {
        if (dropped == null && first != null) {
            JournalEntry begin = first;
            dropped = Tombstone.in(entry)
                    .filter(tombstone -> tombstone.isBefore(begin))
                    .orElse(null);
        }
        if (KeyChange.isOne(said)) {
            signers.add(new Signer(said.subject(), KeyChange.endorsement(said)));
        } else if (said.subject().equals(exchange)
                || said.details().getOrDefault("exchange", "").equals(exchange)) {
            take(entry);
        }
    }

    private void take(JournalEntry entry) {
        if (found.size() < MAX_RECORDS) {
            found.add(new Found(next, entry));
            covering = "";
        }
    }

    private void checkpoint(Sealed sealed) throws IOException {
        if (signers.isEmpty() && first != null && isFirstOfAll(first)) {
            signers.add(new Signer(sealed.key(), ""));
        }
        if (!found.isEmpty() && covering.isEmpty()) {
            covering = sealed.note();
            size = next;
            signersThen = List.copyOf(signers);
        }
    }

    private EvidencePack prove(LogSource log) throws IOException {
        CompactRange before = dropped == null ? new CompactRange() : dropped.tree();
        long all = before.size() + size;
        List<InclusionProof> proofs = found.stream()
                .map(record -> new InclusionProof(before.size() + record.index, all))
                .toList();
        proofs.forEach(proof -> proof.begin(before));
        next = 0;
        log.each(entry -> {
            if (next == 0 && first != null && !entry.hash().equals(first.hash())) {
                throw new IOException("the log's oldest records were dropped meanwhile; try again");
            }
            byte[] leaf = entry.leaf();
            proofs.forEach(proof -> proof.take(leaf));
            next++;
            return next < size;
        });
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < proofs.size(); i++) {
            items.add(new Item(
                    before.size() + found.get(i).index,
                    new String(found.get(i).entry.json(), UTF_8),
                    proofs.get(i).hashes().stream()
                            .map(hash -> Base64Text.of(hash))
                            .toList()));
        }
        if (Checkpoint.parse(SignedNote.parse(covering).text()).tree().size() != all) {
            throw new IOException(
                    "the checkpoint that covers the call is not of the records before it; verify the log");
        }
        return new EvidencePack(exchange, items, covering, signers(), List.of());
    }

    /** The keys from the first of the log on: of those before a cut the record that tells of the cut speaks. */
    private List<Signer> signers() {
        List<Signer> all = new ArrayList<>(dropped == null ? List.of() : dropped.signers());
        all.addAll(signersThen);
        return all;
    }
}
