package dev.tollgate.http;

import dev.tollgate.detect.PromptRuns;
import java.util.List;

/** Looks for stretches of the call's own system prompt. */
final class PromptSearch implements ReplySearch {
    private static final String RULE = "system_prompt_leak";

    private final PromptRuns prompt;

    PromptSearch(PromptRuns prompt) {
        this.prompt = prompt;
    }

    @Override
    public Look look(String plain, String written, boolean isOver) {
        PromptRuns.Look look = prompt.look(written, isOver);
        List<Hit> hits = look.runs().stream()
                .map(run -> new Hit(run.start(), run.end(), RULE, Topic.PROMPT))
                .toList();
        return new Look(hits, look.decided());
    }
}
