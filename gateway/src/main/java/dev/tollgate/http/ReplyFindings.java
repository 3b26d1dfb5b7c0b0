package dev.tollgate.http;

import dev.tollgate.exchange.Searched;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.http.ReplySearch.Hit;
import dev.tollgate.policy.ReplyScanPolicy.Action;
import dev.tollgate.wire.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was found in one reply and done about it, for the record. Holds no text. */
final class ReplyFindings {
    /** The stage that verdicts about replies name. */
    static final String STAGE = "reply";

    private static final int NANOS_PER_MICRO = 1000;

    private final boolean enforces;
    private final String version;
    private final Set<String> rules = new LinkedHashSet<>();
    private int masked;
    private int blocked;
    private int marked;
    private int restored;
    private long bytes;
    private long nanos;
    private @Nullable Problem end;

    /** @param version of the rules that the reply is searched by; empty where it is not searched */
    ReplyFindings(boolean enforces, String version) {
        this.enforces = enforces;
        this.version = version;
    }

    void found(Hit hit, Action action) {
        rules.add(hit.rule());
        switch (action) {
            case BLOCK -> blocked++;
            case REDACT -> masked++;
            case MARK, OFF -> marked++;
        }
    }

    /** The reply ends with this. */
    void ended(Problem reason) {
        end = reason;
    }

    /** A value was put back. */
    void restored() {
        restored++;
    }

    boolean hasRestored() {
        return restored > 0;
    }

    /** So many bytes of text have come and were searched. */
    void searched(long more) {
        bytes += more;
    }

    /** So long it took. */
    void took(long moreNanos) {
        nanos += moreNanos;
    }

    /** What the record says of it. */
    Verdict verdict() {
        boolean isDenial = end != null || blocked > 0;
        String result = isDenial ? (enforces ? "deny" : "would_deny") : "proceed";
        String code = end != null ? end.code() : isDenial ? "content_found" : "ok";
        return new Verdict(STAGE, result, code, List.copyOf(rules), detail(), nanos / NANOS_PER_MICRO)
                .withSearched(version.isEmpty() ? Searched.NOTHING : new Searched(bytes, version));
    }

    private String detail() {
        List<String> said = new ArrayList<>();
        if (end != null) {
            said.add(end.message());
        }
        add(said, enforces ? blocked : 0, "blocked");
        add(said, enforces ? 0 : blocked, "would have been blocked");
        add(said, masked, enforces ? "replaced by placeholders" : "would have been replaced by placeholders");
        add(said, marked, "marked");
        if (restored > 0) {
            said.add(restored + (restored == 1 ? " value was put back" : " values were put back"));
        }
        return String.join("; ", said);
    }

    private static void add(List<String> said, int count, String done) {
        if (count > 0) {
            said.add(count + (count == 1 ? " finding " : " findings ") + done);
        }
    }
}
