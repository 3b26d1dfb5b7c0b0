package dev.tollgate.http;

import dev.tollgate.detect.CarryingLinks;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.PromptRuns;
import dev.tollgate.detect.Redactor;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Originals;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Text;
import dev.tollgate.http.ReplySearch.Hit;
import dev.tollgate.http.ReplySearch.Look;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.ReplyScanPolicy;
import dev.tollgate.policy.ReplyScanPolicy.Action;
import dev.tollgate.policy.ScanPolicy;
import dev.tollgate.stage.Inspector;
import dev.tollgate.wire.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one reply is searched for, and what is done with what is found. */
final class ReplyRules {
    private final Exchange exchange;
    private final ScanPolicy policy;
    private final RuleSet rules;
    private final Redactor redactor;
    private final Originals originals;
    private final List<ReplySearch> searches;
    private final boolean enforces;
    private final ReplyFindings findings;
    private @Nullable Problem problem;

    /** @return null where the policy does not look at replies, and nothing is to be put back */
    static @Nullable ReplyRules of(Exchange exchange, Inspector inspector) {
        ScanPolicy policy = exchange.policy().bundle().scan();
        Originals originals = Originals.of(exchange.splices());
        boolean isOn = policy.replies().isOn() && policy.mode() != Mode.OFF;
        return isOn || !originals.isEmpty()
                ? new ReplyRules(exchange, originals, isOn, inspector.redactor(exchange))
                : null;
    }

    private ReplyRules(Exchange exchange, Originals originals, boolean isOn, Redactor redactor) {
        this.exchange = exchange;
        this.policy = exchange.policy().bundle().scan();
        this.rules = exchange.policy().view(RuleSet.class);
        this.redactor = redactor;
        this.originals = originals;
        this.enforces = policy.mode() == Mode.ENFORCE;
        this.searches = isOn ? searches() : List.of();
        this.findings = new ReplyFindings(enforces, searches.isEmpty() ? "" : rules.version());
    }

    private List<ReplySearch> searches() {
        ReplyScanPolicy replies = policy.replies();
        List<ReplySearch> searches = new ArrayList<>();
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        if (replies.secrets() != Action.OFF) {
            kinds.add(Kind.SECRET);
        }
        if (replies.personal() != Action.OFF) {
            kinds.add(Kind.PERSONAL);
        }
        if (!kinds.isEmpty()) {
            searches.add(new RuleSearch(rules, kinds));
        }
        if (replies.links() != Action.OFF) {
            searches.add(new LinkSearch(new CarryingLinks(replies.linkHosts())));
        }
        if (replies.prompt() != Action.OFF) {
            PromptRuns prompt = PromptRuns.of(prompt(), replies.promptWords());
            if (!prompt.isEmpty()) {
                searches.add(new PromptSearch(prompt));
            }
        }
        return List.copyOf(searches);
    }

    private List<String> prompt() {
        return exchange.facts().texts().stream()
                .filter(text -> text.place() == Place.SYSTEM)
                .map(Text::value)
                .toList();
    }

    /** What is put back. */
    Originals originals() {
        return originals;
    }

    /** What was found so far. */
    ReplyFindings findings() {
        return findings;
    }

    /** Whether anything is looked for. */
    boolean isSearching() {
        return !searches.isEmpty();
    }

    /** Whether what cannot be read must not pass. */
    boolean mustRead() {
        return isSearching() && enforces;
    }

    /** Why the reply must end; null as long as it may go on. */
    @Nullable
    Problem problem() {
        return problem;
    }

    Look look(String plain, String written, boolean isOver) {
        if (searches.size() == 1) {
            return searches.get(0).look(plain, written, isOver);
        }
        List<Hit> hits = new ArrayList<>();
        int decided = plain.length();
        for (ReplySearch search : searches) {
            Look look = search.look(plain, written, isOver);
            hits.addAll(look.hits());
            decided = Math.min(decided, look.decided());
        }
        hits.sort(Comparator.comparingInt(Hit::start));
        return new Look(hits, decided);
    }

    /**
     * Takes note of a finding.
     *
     * @param text what was found
     * @return whether a placeholder takes its place
     */
    boolean isMasked(Hit hit, String text) {
        Action action = action(hit);
        if (action == Action.OFF || (hit.topic() == ReplySearch.Topic.LINK && wasSent(text))) {
            return false;
        }
        findings.found(hit, action);
        if (action == Action.BLOCK) {
            block(hit);
        }
        return action == Action.REDACT && enforces;
    }

    /** An address that the request held as it stands carries nothing that was learnt since. */
    private boolean wasSent(String address) {
        for (Text text : exchange.facts().texts()) {
            if (text.value().contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** A finding of which a part has gone out: masking the rest would leave it readable. */
    void tooLate(Hit hit) {
        block(hit);
    }

    /** What takes the place of a finding. */
    String placeholder(Hit hit, String value) {
        return switch (hit.topic()) {
            case SECRET, PERSONAL -> redactor.placeholder(hit.rule(), value);
            case LINK -> redactor.named("LINK", value);
            case PROMPT -> redactor.named("SYSTEM_PROMPT", value);
        };
    }

    /** A part of the reply cannot be read. */
    void refuse(String why) {
        if (problem == null) {
            // Passing on what nobody could read would be a way around the rules.
            problem = Problem.of(Problem.Kind.POLICY, "unreadable_content", why);
            findings.ended(problem);
        }
    }

    private Action action(Hit hit) {
        return switch (hit.topic()) {
            case LINK -> policy.replies().links();
            case PROMPT -> policy.replies().prompt();
            case SECRET -> action(hit.rule(), policy.replies().secrets());
            case PERSONAL -> action(hit.rule(), policy.replies().personal());
        };
    }

    private Action action(String rule, Action byKind) {
        ScanPolicy.Action named = policy.rules().get(rule);
        return switch (named) {
            case null -> rules.marksOnly(rule) ? Action.MARK : byKind;
            // Nobody is asked about what a model says: the rule goes with its kind.
            case HOLD -> byKind;
            case BLOCK -> Action.BLOCK;
            case REDACT, RESTORE -> Action.REDACT;
            case MARK -> Action.MARK;
            case OFF -> Action.OFF;
        };
    }

    private void block(Hit hit) {
        if (problem == null && enforces) {
            problem = Problem.of(
                    Problem.Kind.POLICY,
                    hit.topic().code(),
                    "rule " + hit.rule() + " found " + hit.topic().words() + " in the reply; the policy blocks it");
            findings.ended(problem);
        }
    }
}
