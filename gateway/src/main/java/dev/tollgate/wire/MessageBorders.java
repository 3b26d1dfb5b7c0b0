package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Splice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a request is cut into pieces that come again in the next one: behind each message, behind each long text inside a message
 * (what follows it, such as a mark for the provider's prompt cache, moves from turn to turn), and around long members of the whole, such as
 * tools and instructions. Works on every wire whose conversation is an array of one of the names below; what it does not know is one piece.
 */
public final class MessageBorders {
    /** Members that hold a conversation, oldest first: OpenAI's and Anthropic's messages, responses, Gemini. */
    private static final Set<String> CONVERSATIONS = Set.of("messages", "input", "contents");
    /** Texts and members from this length on are worth a piece of their own, in bytes. */
    private static final int LONG_BYTES = 512;

    private final List<Stretch> stretches = new ArrayList<>();
    private final int length;
    private int from;

    private MessageBorders(int length) {
        this.length = length;
    }

    /**
     * Bytes of a body.
     *
     * @param grows whether it belongs to a conversation, of which the next request repeats all and adds to
     */
    public record Stretch(int start, int end, boolean grows) {}

    /** Stretches that together are the whole body, in its order; one where there is nothing to cut. */
    public static List<Stretch> of(Json.Obj body, int length) {
        MessageBorders borders = new MessageBorders(length);
        for (Map.Entry<String, Json> member : body.members().entrySet()) {
            borders.member(member.getKey(), member.getValue());
        }
        borders.cut(borders.length, false);
        return List.copyOf(borders.stretches);
    }

    /** The same stretches of a body after changes were made to it. Where a change lies across a border, the two stretches become one. */
    public static List<Stretch> shifted(List<Stretch> stretches, List<Splice> splices) {
        if (splices.isEmpty()) {
            return stretches;
        }
        List<Splice> sorted = splices.stream()
                .sorted(Comparator.comparingInt(Splice::start).thenComparingInt(Splice::end))
                .toList();
        List<Stretch> shifted = new ArrayList<>(stretches.size());
        int next = 0;
        int moved = 0;
        int start = 0;
        for (Stretch stretch : stretches) {
            int end = stretch.end();
            while (next < sorted.size() && sorted.get(next).end() <= end) {
                Splice splice = sorted.get(next++);
                moved += splice.replacement().length - (splice.end() - splice.start());
            }
            boolean isAcross = next < sorted.size() && sorted.get(next).start() < end;
            if (!isAcross) {
                shifted.add(new Stretch(start, end + moved, stretch.grows()));
                start = end + moved;
            }
        }
        return shifted;
    }

    private void member(String name, Json value) {
        if (CONVERSATIONS.contains(name) && value instanceof Json.Arr conversation) {
            if (!conversation.elements().isEmpty()) {
                // What stands before the first message, its bracket included, belongs to the whole.
                cut(conversation.elements().get(0).start(), false);
            }
            // A message takes the comma before it along: a piece of its own would cost more than it holds.
            for (Json message : conversation.elements()) {
                within(message);
                cut(message.end(), true);
            }
        } else if (value.end() - value.start() >= LONG_BYTES) {
            cut(value.start(), false);
            cut(value.end(), false);
        }
    }

    private void within(Json value) {
        switch (value) {
            case Json.Str text -> {
                if (text.end() - text.start() >= LONG_BYTES) {
                    cut(text.end(), true);
                }
            }
            case Json.Obj object -> object.members().values().forEach(this::within);
            case Json.Arr array -> array.elements().forEach(this::within);
            case Json.Num number -> {}
            case Json.Bool bool -> {}
            case Json.Null none -> {}
        }
    }

    private void cut(int at, boolean grows) {
        if (at > from) {
            stretches.add(new Stretch(from, at, grows));
            from = at;
        }
    }
}
