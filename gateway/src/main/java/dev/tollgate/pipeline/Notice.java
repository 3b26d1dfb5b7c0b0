package dev.tollgate.pipeline;

import dev.tollgate.policy.NotifyPolicy.Event;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Something that people outside may want to know at once. Holds no prompt text and no credential.
 *
 * @param event of what kind
 * @param at when it happened
 * @param subject what it is about, such as the id of a budget or a session
 * @param text one sentence for a person
 * @param facts the same for a program: ids, amounts, limits
 * @param links makes the link for a recipient; empty where there is nothing to link to
 */
public record Notice(
        Event event, Instant at, String subject, String text, Map<String, String> facts, UnaryOperator<String> links) {
    /** One without links. */
    public Notice(Event event, Instant at, String subject, String text, Map<String, String> facts) {
        this(event, at, subject, text, facts, recipient -> "");
    }

    public Notice {
        facts = Map.copyOf(facts);
    }

    public Notice withLinks(UnaryOperator<String> made) {
        return new Notice(event, at, subject, text, facts, made);
    }

    /** Where a recipient can see more; empty for nowhere. */
    public String link(String recipient) {
        return links.apply(recipient);
    }
}
