package dev.tollgate.pipeline;

import dev.tollgate.policy.NotifyPolicy.Event;
import java.time.Instant;
import java.util.Map;

/**
 * Something that people outside may want to know at once. Holds no prompt text and no credential.
 *
 * @param event of what kind
 * @param at when it happened
 * @param subject what it is about, such as the id of a budget or a session
 * @param text one sentence for a person
 * @param facts the same for a program: ids, amounts, limits
 */
public record Notice(Event event, Instant at, String subject, String text, Map<String, String> facts) {
    public Notice {
        facts = Map.copyOf(facts);
    }
}
