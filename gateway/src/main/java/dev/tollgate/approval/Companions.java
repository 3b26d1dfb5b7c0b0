package dev.tollgate.approval;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Text;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls that agents make beside the one that answers a turn, such as for its title. A companion that goes with the turn's own call says nothing
 * but what that one brings and what the policy names. Immutable.
 */
public final class Companions {
    /** Where what is asked stands. Instructions and definitions of tools are not of the turn but of the agent's program. */
    private static final Set<Place> SAID = EnumSet.of(Place.USER, Place.RAW_PROMPT, Place.TOOL_RESULT, Place.DOCUMENT);

    /** Labels and settings. */
    private static final Set<Place> LABELS = EnumSet.of(Place.METADATA, Place.OTHER);

    /** Characters of labels and settings of a companion, altogether: no room for a text. */
    private static final int MAX_LABELS = 200;

    /** Members of a companion's body, on any wire. None refers to what the provider has and the body does not show. */
    private static final Set<String> MEMBERS = Set.of(
            "contents",
            "generationConfig",
            "include",
            "input",
            "instructions",
            "max_completion_tokens",
            "max_output_tokens",
            "max_tokens",
            "messages",
            "metadata",
            "model",
            "prompt_cache_key",
            "reasoning",
            "reasoning_effort",
            "store",
            "stream",
            "stream_options",
            "system",
            "systemInstruction",
            "temperature",
            "thinking",
            "top_k",
            "top_p",
            "user");

    private final List<Companion> all;
    private final BitSet lengths = new BitSet();

    /**
     * One kind of companion.
     *
     * @param name what tickets and records call it
     * @param says what it says beside what the turn brings
     * @param leads whether it comes before the turn's own call, which is approved with it
     */
    record Companion(String name, Set<TextDigest> says, boolean leads) {}

    Companions(List<Companion> all) {
        // Where one says all that another does and more, it is that one.
        this.all = all.stream()
                .sorted(Comparator.comparingInt((Companion companion) -> companion.says.size())
                        .reversed())
                .toList();
        all.forEach(companion -> companion.says.forEach(text -> lengths.set(text.length())));
    }

    /**
     * The turn that a call belongs to.
     *
     * @param rule what holds the call: leave to do one thing is no leave for another
     */
    Turn turn(Exchange call, String rule) {
        if (all.isEmpty()) {
            return Turn.NONE;
        }
        Companion companion = companion(call.facts().texts());
        if (companion != null && !companion.leads && !isBare(call, companion)) {
            return Turn.NONE;
        }
        List<String> said = said(call, companion);
        if (said.isEmpty()) {
            return Turn.NONE;
        }
        return new Turn(
                Fingerprint.ofTurn(call, rule, said),
                companion == null ? "" : companion.name,
                companion != null && companion.leads,
                List.of());
    }

    /** Whether a call may find a ticket of another one of its turn. */
    public boolean mayJoin(Turn turn) {
        return turn.isBeside() || (turn.mayJoin() && all.stream().anyMatch(Companion::leads));
    }

    private @Nullable Companion companion(List<Text> texts) {
        Set<TextDigest> named = new HashSet<>();
        for (Text text : texts) {
            if (lengths.get(text.value().length())) {
                named.add(TextDigest.of(text.value()));
            }
        }
        return all.stream()
                .filter(companion -> named.containsAll(companion.says))
                .findFirst()
                .orElse(null);
    }

    /** What the turn brings, in its order. */
    private List<String> said(Exchange call, @Nullable Companion companion) {
        List<String> said = new ArrayList<>();
        for (Text text : call.facts().texts()) {
            if (text.isNew() && SAID.contains(text.place()) && !isNamed(text, companion)) {
                said.add(text.value());
            }
        }
        return said;
    }

    private boolean isNamed(Text text, @Nullable Companion companion) {
        return companion != null
                && lengths.get(text.value().length())
                && companion.says.contains(TextDigest.of(text.value()));
    }

    /** Whether all that a companion says is named by the policy, or brought in by the turn. */
    private boolean isBare(Exchange call, Companion companion) {
        Json.Obj body = call.content().json();
        if (body == null
                || !MEMBERS.containsAll(body.members().keySet())
                || !call.facts().toolNames().isEmpty()
                || !call.facts().notScanned().isEmpty()) {
            return false;
        }
        int labels = 0;
        for (Text text : call.facts().texts()) {
            if (LABELS.contains(text.place())) {
                labels += text.value().length();
            } else if (!isNamed(text, companion) && !(text.isNew() && SAID.contains(text.place()))) {
                return false;
            }
        }
        return labels <= MAX_LABELS;
    }
}
