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
 * Searches the texts of a call by rules. What is remembered of them is looked up at once, where the call is; what is new is searched there, too, if it is short, else
 * on a worker, because a megabyte takes about ten milliseconds. Shared by stages and event loops.
 */
public final class Inspector {
    /** More new text than this, in chars, is searched on a worker. */
    static final int LONG_CHARS = 32 * 1024;
    /** More text than this, in chars, is looked up on a worker, too: a megabyte takes three quarters of a millisecond. */
    static final int MOST_LOOKED_UP = 1 << 20;

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
        Set<Kind> searched = both ? ALL : kinds;
        long chars = 0;
        for (Text text : texts) {
            chars += text.value().length();
        }
        if (chars > MOST_LOOKED_UP) {
            return offload.run(() -> found(texts, questions(rules, texts, searched), kinds));
        }
        List<VerdictCache.Question> questions = questions(rules, texts, searched);
        long unknown = 0;
        for (int i = 0; i < questions.size(); i++) {
            unknown += questions.get(i).isAnswered() ? 0 : texts.get(i).value().length();
        }
        if (unknown > LONG_CHARS) {
            return offload.run(() -> found(texts, questions, kinds));
        }
        // What this throws, the pipeline takes for "could not decide": going on would let the call pass unsearched.
        return Future.succeededFuture(found(texts, questions, kinds));
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

    private List<VerdictCache.Question> questions(RuleSet rules, List<Text> texts, Set<Kind> searched) {
        List<VerdictCache.Question> questions = new ArrayList<>(texts.size());
        for (Text text : texts) {
            questions.add(verdicts.ask(rules, text.value(), searched, writer(text.place())));
        }
        return questions;
    }

    private static List<Found> found(List<Text> texts, List<VerdictCache.Question> questions, Set<Kind> wanted) {
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            List<Finding> findings = questions.get(i).answer();
            if (!findings.isEmpty()) {
                List<Finding> theirs = findings.stream()
                        .filter(finding -> wanted.contains(finding.kind()))
                        .toList();
                if (!theirs.isEmpty()) {
                    found.add(new Found(texts.get(i), writer(texts.get(i).place()), theirs));
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
