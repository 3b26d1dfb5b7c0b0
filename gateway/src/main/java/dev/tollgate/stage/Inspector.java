package dev.tollgate.stage;

import dev.tollgate.detect.Finding;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.Placeholders;
import dev.tollgate.detect.Redactor;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.detect.Trust;
import dev.tollgate.detect.VerdictCache;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Searched;
import dev.tollgate.exchange.Text;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Searches the texts of a call by rules. Short calls are searched where they are, at once; long ones on a worker, because a megabyte takes
 * about ten milliseconds. Shared by stages and event loops.
 */
public final class Inspector {
    /** Calls with more text than this, in chars, are searched on a worker. */
    static final int LONG_CHARS = 32 * 1024;

    private static final Set<Kind> ALL = Set.of(Kind.values());

    private final VerdictCache verdicts;
    private final Offload offload;
    private final Placeholders placeholders;

    public Inspector(VerdictCache verdicts, Offload offload, Placeholders placeholders) {
        this.verdicts = verdicts;
        this.offload = offload;
        this.placeholders = placeholders;
    }

    /** Makes the placeholders of one call. */
    public Redactor redactor(Exchange exchange) {
        Caller caller = exchange.identified();
        return new Redactor(
                exchange.policy().view(RuleSet.class),
                placeholders,
                caller == null ? "" : caller.team().value());
    }

    /**
     * A text in which something was found.
     *
     * @param text the text
     * @param writer who wrote it
     * @param findings at least one, in order of their starts
     */
    record Found(Text text, Trust writer, List<Finding> findings) {}

    /**
     * Searches all texts. What one stage asks for is searched for the other at the same time, where both look: the second finds it
     * remembered.
     *
     * @return those in which something was found, in their order; fails if the search fails
     */
    Future<List<Found>> search(PolicySnapshot policy, List<Text> texts, Set<Kind> kinds) {
        RuleSet rules = policy.view(RuleSet.class);
        Bundle bundle = policy.bundle();
        boolean both = bundle.scan().mode() != Mode.OFF && bundle.detect().mode() != Mode.OFF;
        long chars = 0;
        for (Text text : texts) {
            chars += text.value().length();
        }
        if (chars > LONG_CHARS) {
            return offload.run(() -> searchNow(rules, texts, both ? ALL : kinds, kinds));
        }
        // What this throws, the pipeline takes for "could not decide": going on would let the call pass unsearched.
        return Future.succeededFuture(searchNow(rules, texts, both ? ALL : kinds, kinds));
    }

    /** What a search of these texts looks through, for the record. */
    static Searched searched(PolicySnapshot policy, List<Text> texts) {
        long bytes = 0;
        for (Text text : texts) {
            // What stands in no body, as a query does, has no bytes there.
            bytes += text.end() > text.start()
                    ? text.end() - text.start() - (text.isJsonString() ? 2 : 0)
                    : text.value().length();
        }
        return new Searched(bytes, policy.view(RuleSet.class).version());
    }

    /** Does work on as many bytes where a search of as much text would be done. */
    <T> Future<T> work(int bytes, Callable<T> work) {
        if (bytes > LONG_CHARS) {
            return offload.run(work);
        }
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception failure) { // a callable may throw any: it fails the same way as on a worker
            return Future.failedFuture(failure);
        }
    }

    private List<Found> searchNow(RuleSet rules, List<Text> texts, Set<Kind> searched, Set<Kind> wanted) {
        List<Found> found = new ArrayList<>();
        for (Text text : texts) {
            Trust writer = writer(text.place());
            List<Finding> findings = verdicts.scan(rules, text.value(), searched, writer);
            if (!findings.isEmpty()) {
                List<Finding> theirs = findings.stream()
                        .filter(finding -> wanted.contains(finding.kind()))
                        .toList();
                if (!theirs.isEmpty()) {
                    found.add(new Found(text, writer, theirs));
                }
            }
        }
        return found;
    }

    private static Trust writer(Place place) {
        return switch (place) {
            case SYSTEM -> Trust.OPERATOR;
            case TOOL_DEFINITION -> Trust.TOOL_DEFINITION;
            case ASSISTANT, REASONING, TOOL_ARGUMENTS -> Trust.ASSISTANT;
            case TOOL_RESULT -> Trust.TOOL_RESULT;
            case DOCUMENT -> Trust.DOCUMENT;
            case RAW_PROMPT -> Trust.RAW_PROMPT;
            case USER, METADATA, OTHER -> Trust.USER;
        };
    }
}
