package dev.tollgate.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verification.Seal;
import java.io.PrintWriter;

/** What a verification found, for people. */
final class VerificationText {
    private VerificationText() {}

    /**
     * Prints it.
     *
     * @param what was verified: {@code the journal}
     * @return whether it is good
     */
    @CanIgnoreReturnValue
    static boolean print(Verification found, String what, PrintWriter out) {
        out.println(found.records() + " records in " + (found.segments() > 0 ? found.segments() + " segments and " : "")
                + found.chains() + " chains");
        Seal seal = found.seal();
        if (seal.checkpoints() == 0) {
            out.println("not sealed: there is no checkpoint in it");
        } else {
            out.println(seal.checkpoints() + " checkpoints, the last covers " + seal.covered() + " records; "
                    + seal.uncovered() + " records stand behind it"
                    + (seal.uncovered() == 0 ? "" : ", of which only their links speak"));
            seal.keys().forEach(key -> out.println("key: " + key));
        }
        found.notes().forEach(note -> out.println("note: " + note));
        found.firstBad()
                .ifPresent(bad -> out.println("BAD: " + bad.message() + " (" + bad.fault() + ", " + bad.at()
                        + ", chain " + bad.chain() + ", record " + bad.sequence() + ")"));
        if (found.isGood() && seal.checkpoints() > 0 && !seal.isTrusted()) {
            out.println(
                    "note: the key is the one that the log itself names: this shows that the log is consistent, not who"
                            + " wrote it; give the key with --pubkey");
        }
        out.println(found.isGood() ? what + " is sound" : what + " is NOT sound");
        return found.isGood();
    }
}
