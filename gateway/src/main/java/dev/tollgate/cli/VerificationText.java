package dev.tollgate.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.CopyCheck;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Seal;
import dev.tollgate.audit.evidence.PayloadCheck;
import java.io.PrintWriter;

/** What a verification found, for people. */
final class VerificationText {
    private VerificationText() {}

    /**
     * Prints what comparing a journal with its copy in MongoDB found.
     *
     * @return whether it is good
     */
    static boolean print(CopyCheck.Result copies, PrintWriter out) {
        out.println(copies.same() + " records are the same in the journal and in MongoDB; " + copies.ahead()
                + " behind them are in the journal only");
        copies.firstBad().ifPresent(bad -> bad(bad, out));
        boolean isGood = copies.firstBad().isEmpty() && copies.same() > 0;
        out.println(isGood ? "the copies agree" : "the copies do NOT agree");
        return isGood;
    }

    /**
     * Prints what comparing payloads with their records found.
     *
     * @return whether it is good
     */
    static boolean print(PayloadCheck.Report payloads, PrintWriter out) {
        out.println(
                payloads.matching() + " payloads of " + payloads.bytes() + " bytes are what their records commit to; "
                        + payloads.erased() + " were erased, " + payloads.dropped() + " were dropped with their day");
        payloads.notes().forEach(note -> out.println("note: " + note));
        payloads.flaws().forEach(flaw -> out.println("BAD: " + flaw + " (PAYLOAD)"));
        if (payloads.wrong() > payloads.flaws().size()) {
            out.println("BAD: and " + (payloads.wrong() - payloads.flaws().size()) + " more (PAYLOAD)");
        }
        out.println(payloads.isGood() ? "the payloads are sound" : "the payloads are NOT sound");
        return payloads.isGood();
    }

    private static void bad(Bad bad, PrintWriter out) {
        out.println("BAD: " + bad.message() + " (" + bad.fault() + ", " + bad.at() + ", chain " + bad.chain()
                + ", record " + bad.sequence() + ")");
    }

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
        found.firstBad().ifPresent(bad -> bad(bad, out));
        if (found.isGood() && seal.checkpoints() > 0 && !seal.isTrusted()) {
            out.println(
                    "note: the key is the one that the log itself names: this shows that the log is consistent, not who"
                            + " wrote it; give the key with --pubkey");
        }
        out.println(found.isGood() ? what + " is sound" : what + " is NOT sound");
        return found.isGood();
    }
}
