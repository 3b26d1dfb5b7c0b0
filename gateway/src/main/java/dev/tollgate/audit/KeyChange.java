package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.seal.SignedNote;
import dev.tollgate.audit.seal.SigningKey;
import dev.tollgate.audit.seal.VerifierKey;
import java.time.Instant;
import java.util.Map;

/**
 * The record that says by which key the log is signed from now on; its subject is the new key. The key before it signs for it in the detail {@code
 * endorsement}, a note of the lines origin, {@code next-key KEY}, {@code time MOMENT}.
 */
public final class KeyChange {
    static final String ROTATED = "audit_key_rotated";
    static final String REPLACED = "audit_key_replaced";
    private static final String ENDORSEMENT = "endorsement";
    private static final String PREVIOUS = "previous";

    private KeyChange() {}

    /** Whether a record is one. */
    public static boolean isOne(Administrative said) {
        return said.action().equals(ROTATED) || said.action().equals(REPLACED);
    }

    /** What the log says of a key that follows another. */
    static Administrative rotated(Instant now, SigningKey before, VerifierKey next) {
        return new Administrative(
                now,
                ROTATED,
                "gateway",
                next.toString(),
                Map.of(
                        PREVIOUS,
                        before.verifier().toString(),
                        ENDORSEMENT,
                        before.sign(text(before.verifier().name(), next) + "time " + now + "\n")
                                .toString()));
    }

    /** What the log says of a key that follows one that is lost. */
    static Administrative replaced(Instant now, String before, VerifierKey next) {
        return new Administrative(now, REPLACED, "gateway", next.toString(), Map.of(PREVIOUS, before));
    }

    /** The note in which the key before signs for this one; empty where it does not. */
    public static String endorsement(Administrative said) {
        return said.details().getOrDefault(ENDORSEMENT, "");
    }

    /** Whether a key says in a note that another one follows it. */
    public static boolean isEndorsed(VerifierKey before, VerifierKey next, String note) {
        try {
            SignedNote signed = SignedNote.parse(note);
            return signed.text().startsWith(text(before.name(), next)) && before.verifies(signed);
        } catch (IllegalArgumentException noNote) {
            return false;
        }
    }

    private static String text(String origin, VerifierKey next) {
        return origin + "\nnext-key " + next + "\n";
    }
}
