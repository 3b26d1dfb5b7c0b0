package dev.tollgate.console;

import dev.tollgate.console.SessionPages.Asked;
import dev.tollgate.console.SessionTimeline.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls of a session that are on one page of its timeline: as many as fit.
 *
 * @param calls each as a piece of the page, rendered by a template which has escaped what it shows
 * @param from number of the first
 * @param last number of the last call that the timeline knows
 */
record SessionStretch(List<String> calls, int from, int last) {
    /** Room for all of them, in bytes: with what stands around them the page stays below {@link Limits#MAX_PAGE_BYTES}. */
    private static final int MAX_BYTES = 160 * 1024;

    /** How far the links lead that go back. */
    private static final int BACK = 100;

    SessionStretch {
        calls = List.copyOf(calls);
    }

    /**
     * One call with what stands around it.
     *
     * @param asked the page of the session
     * @param question what was asked, in a line; empty where that may not be shown unasked
     * @param reply what the model did, in a line
     */
    record Entry(Step step, Asked asked, boolean hasLanes, VisibleText question, VisibleText reply) {}

    /** @param from number of the first call, from 1 */
    static SessionStretch of(
            SessionTimeline timeline, SessionContents.Found said, Asked asked, int from, Templates templates) {
        List<Step> steps = timeline.steps();
        int first = Math.min(Math.max(1, from), steps.size());
        List<String> calls = new ArrayList<>();
        int left = MAX_BYTES;
        for (Step step : steps.subList(first - 1, steps.size())) {
            String call = templates.render("sessionCall", entry(step, timeline, said, asked));
            left -= Reply.bytes(call);
            if (left < 0 && !calls.isEmpty()) {
                break;
            }
            calls.add(call);
        }
        return new SessionStretch(calls, first, steps.size());
    }

    private static Entry entry(Step step, SessionTimeline timeline, SessionContents.Found said, Asked asked) {
        String exchange = step.exchange().id();
        return new Entry(
                step,
                asked,
                timeline.lanes().size() > 1,
                VisibleText.of(said.shown(exchange).map(Said::question).orElse("")),
                VisibleText.of(said.shown(exchange).map(Said::reply).orElse("")));
    }

    /** Number of the last of them. */
    int to() {
        return from + calls.size() - 1;
    }

    boolean isWhole() {
        return calls.size() == last;
    }

    /** From where on the page before begins. */
    int before() {
        return Math.max(1, from - BACK);
    }

    /** From where on the page with the newest calls begins. */
    int newest() {
        return Math.max(1, last - BACK + 1);
    }
}
