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

    /** Members with labels and settings, which models do not read. */
    private static final Set<String> LABELS =
            Set.of("include", "metadata", "prompt_cache_key", "reasoning", "stream_options", "thinking", "user");

    /** Characters of a companion's labels and settings, altogether: no room for a text all the same. */
    private static final int MAX_LABELS = 200;

    /** Texts of one body that are compared with what is known: a companion has few. */
    private static final int MAX_COMPARED = 1000;

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
        List<Read> texts = read(call.facts().texts());
        Companion companion = companion(texts);
        if (companion != null && !companion.leads && !isBare(call, texts, companion)) {
            return Turn.NONE;
        }
        List<String> said = texts.stream()
                .filter(text -> text.isOfTurn() && !text.isOf(companion))
                .map(text -> text.text.value())
                .toList();
        if (said.isEmpty()) {
            return Turn.NONE;
        }
        return new Turn(
                Fingerprint.ofTurn(call, rule, said),
                companion == null ? "" : companion.name,
                companion != null && companion.leads,
                List.of());
    }

    private List<Read> read(List<Text> texts) {
        List<Read> all = new ArrayList<>();
        int compared = 0;
        for (Text text : texts) {
            boolean mayBeNamed = lengths.get(text.value().length()) && compared < MAX_COMPARED;
            compared += mayBeNamed ? 1 : 0;
            all.add(new Read(text, mayBeNamed ? TextDigest.of(text.value()) : null));
        }
        return all;
    }

    /** Whether a call may find a ticket of another one of its turn. */
    public boolean mayJoin(Turn turn) {
        return turn.isBeside() || (turn.mayJoin() && all.stream().anyMatch(Companion::leads));
    }

    private @Nullable Companion companion(List<Read> texts) {
        Set<TextDigest> named = new HashSet<>();
        for (Read text : texts) {
            if (text.digest != null) {
                named.add(text.digest);
            }
        }
        return all.stream()
                .filter(companion -> named.containsAll(companion.says))
                .findFirst()
                .orElse(null);
    }

    /** Whether all that a companion says is named by the policy, or brought in by the turn. */
    private static boolean isBare(Exchange call, List<Read> texts, Companion companion) {
        Json.Obj body = call.content().json();
        if (body == null
                || !MEMBERS.containsAll(body.members().keySet())
                || !call.facts().toolNames().isEmpty()
                || !call.facts().notScanned().isEmpty()) {
            return false;
        }
        int labels = 0;
        for (Read text : texts) {
            if (text.isLabel()) {
                labels += text.text.value().length();
            } else if (!text.isOf(companion) && !text.isOfTurn()) {
                return false;
            }
        }
        return labels <= MAX_LABELS;
    }

    /**
     * A text of a call.
     *
     * @param digest its digest, where a companion may say it
     */
    private record Read(Text text, @Nullable TextDigest digest) {
        /** Whether the turn brings it in. */
        boolean isOfTurn() {
            return text.isNew() && SAID.contains(text.place());
        }

        boolean isLabel() {
            String path = text.path();
            return LABELS.stream()
                    .anyMatch(name -> path.startsWith(name)
                            && (path.length() == name.length() || ".[".indexOf(path.charAt(name.length())) >= 0));
        }

        boolean isOf(@Nullable Companion companion) {
            return companion != null && digest != null && companion.says.contains(digest);
        }
    }
}
