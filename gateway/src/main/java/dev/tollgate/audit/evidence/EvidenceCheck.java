package dev.tollgate.audit.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.KeyChange;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.audit.Signer;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Verification.Fault;
import dev.tollgate.audit.evidence.EvidencePack.Content;
import dev.tollgate.audit.evidence.EvidencePack.Item;
import dev.tollgate.audit.payload.Commitment;
import dev.tollgate.audit.seal.Base64Text;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.InclusionProof;
import dev.tollgate.audit.seal.SignedNote;
import dev.tollgate.audit.seal.VerifierKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks an evidence pack with nothing else but what the auditor brings along. */
public final class EvidenceCheck {
    private final EvidencePack pack;
    private final Trust trust;
    private final List<Flaw> flaws = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<AuditRecord> records = new ArrayList<>();

    /** Something wrong with a pack. */
    public record Flaw(Fault fault, String message) {}

    /**
     * What was found.
     *
     * @param flaws what is wrong; empty where nothing is
     * @param notes what is worth saying and no flaw
     * @param records what the pack's records say, as far as they are proven
     */
    public record Report(List<Flaw> flaws, List<String> notes, List<AuditRecord> records) {
        public Report {
            flaws = List.copyOf(flaws);
            notes = List.copyOf(notes);
            records = List.copyOf(records);
        }
    }

    private EvidenceCheck(EvidencePack pack, Trust trust) {
        this.pack = pack;
        this.trust = trust;
    }

    /** Checks a pack. */
    public static Report check(EvidencePack pack, Trust trust) {
        EvidenceCheck check = new EvidenceCheck(pack, trust);
        try {
            check.all();
        } catch (IllegalArgumentException malformed) {
            check.flaw(Fault.UNREADABLE, "the pack is malformed: " + malformed.getMessage());
        }
        return new Report(check.flaws, check.notes, check.records);
    }

    private void all() {
        VerifierKey signer = signer();
        SignedNote note = SignedNote.parse(pack.checkpoint());
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        if (signer == null || !signer.verifies(note) || !checkpoint.origin().equals(signer.name())) {
            flaw(Fault.CHECKPOINT, "the last of its keys did not sign the checkpoint");
            return;
        }
        notes.add("checkpoint of " + checkpoint.at() + " over "
                + checkpoint.tree().size() + " records, signed by " + signer);
        anchors(checkpoint);
        long last = -1;
        for (Item item : pack.records()) {
            if (item.index() <= last) {
                flaw(Fault.REPEATED, "record " + item.index() + " stands twice, or not in the order of the log");
            }
            last = item.index();
            record(item, checkpoint);
        }
        if (records.stream().noneMatch(Received.class::isInstance)) {
            flaw(Fault.MISSING, "the record that the call was received is missing");
        }
        if (records.stream().noneMatch(Ended.class::isInstance)) {
            notes.add("the call had not ended when the checkpoint was made, or its end was left out");
        }
        pack.payloads().forEach(this::payload);
    }

    /** The key that must have signed the checkpoint, once each key before it has signed for the next. */
    private @Nullable VerifierKey signer() {
        VerifierKey before = null;
        boolean isTrusted = false;
        for (Signer signer : pack.signers()) {
            VerifierKey key = VerifierKey.parse(signer.key());
            boolean isEndorsed = before != null && KeyChange.isEndorsed(before, key, signer.endorsement());
            if (before != null && !isEndorsed && !trust.keys().contains(key)) {
                flaw(Fault.KEY, "the key before did not sign for " + key);
            }
            isTrusted = trust.keys().contains(key) || (isTrusted && isEndorsed);
            before = key;
        }
        if (trust.keys().isEmpty()) {
            notes.add(
                    "the keys are those that the pack itself names: this shows that it is consistent, not who made it; give"
                            + " the key with --pubkey");
        } else if (!isTrusted) {
            flaw(Fault.KEY, "the checkpoint is signed by " + before + ", which is not a key that you trust");
        }
        return before;
    }

    private void anchors(Checkpoint checkpoint) {
        for (String text : trust.anchors()) {
            Checkpoint anchor = Checkpoint.parse(SignedNote.parse(text).text());
            if (anchor.origin().equals(checkpoint.origin())
                    && anchor.tree().size() == checkpoint.tree().size()) {
                if (anchor.tree().equals(checkpoint.tree())) {
                    notes.add("the checkpoint is one that was kept elsewhere");
                } else {
                    flaw(Fault.ANCHOR, "an anchor of " + anchor.at() + " tells of another tree of the same size");
                }
            }
        }
    }

    private void record(Item item, Checkpoint checkpoint) {
        byte[] json = item.json().getBytes(UTF_8);
        List<byte[]> proof = item.proof().stream().map(Base64Text::decode).toList();
        byte[] root = checkpoint.tree().rootBytes();
        if (!InclusionProof.holds(item.index(), checkpoint.tree().size(), JournalEntry.leafOf(json), proof, root)) {
            flaw(
                    Fault.CHANGED,
                    "record " + item.index() + " is not in the tree of the checkpoint: it or its proof was changed");
            return;
        }
        try {
            AuditRecord record = JournalEntry.ofLog(json).record();
            String node = JournalEntry.ofLog(json).chain();
            if (!isOf(record) || !checkpoint.origin().equals(AuditKeys.origin(node.substring(0, node.indexOf('.'))))) {
                flaw(Fault.MISSING, "record " + item.index() + " is not one of the call " + pack.exchange());
                return;
            }
            records.add(record);
        } catch (IOException | RuntimeException unreadable) {
            flaw(Fault.UNREADABLE, "record " + item.index() + " is no record");
        }
    }

    private boolean isOf(AuditRecord record) {
        return switch (record) {
            case Received received -> received.exchange().value().equals(pack.exchange());
            case Ended ended -> ended.exchange().value().equals(pack.exchange());
            case Administrative said ->
                said.subject().equals(pack.exchange())
                        || said.details().getOrDefault("exchange", "").equals(pack.exchange());
            case AuditRecord.Sealed sealed -> false;
            case AuditRecord.Other other -> false;
        };
    }

    private void payload(Content payload) {
        PayloadNote note = null;
        for (AuditRecord record : records) {
            if (record instanceof Received received && payload.part().equals("request")) {
                note = received.payload();
            } else if (record instanceof Ended ended && !payload.part().equals("request")) {
                note = ended.payload();
            }
        }
        boolean holds = note != null
                && Commitment.holds(
                        note.commitment(), Base64Text.decode(payload.salt()), Base64Text.decode(payload.bytes()));
        if (holds) {
            notes.add("the " + payload.part() + " is the one that the record commits to");
        } else {
            flaw(Fault.PAYLOAD, "the " + payload.part() + " is not the one that the record commits to");
        }
    }

    private void flaw(Fault fault, String message) {
        flaws.add(new Flaw(fault, message));
    }
}
