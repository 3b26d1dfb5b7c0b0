package dev.tollgate.budget;

import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Text;
import dev.tollgate.value.Extras;
import dev.tollgate.value.ServiceTier;

/** What a request can be billed for besides tokens: sound by the second, speech by the character, pictures and tool calls by the piece. */
final class Pieces {
    /** Most calls of one tool of the provider's own that are held for; what a call makes beyond that is settled, and may pass the cap by so much. */
    static final int MAX_TOOL_CALLS = 16;

    /** Fewer than any speech codec in use needs, so that the seconds of a recording are not taken for too few. */
    private static final int LEAST_BYTES_PER_SECOND = 1_000;
    /** Fewer than people speak. */
    private static final int LEAST_CHARACTERS_PER_SECOND = 10;

    private Pieces() {}

    /** Most that the request can be billed for. */
    static Extras most(Rates rates, Content content) {
        if (!rates.hasPieces()) {
            return Extras.NONE;
        }
        boolean hasTools = rates.hasTools() && HiddenInput.isPossible(content.json());
        long toolCalls = hasTools ? MAX_TOOL_CALLS : 0;
        Extras counted = counted(rates, content);
        return new Extras(
                toolCalls,
                toolCalls,
                toolCalls,
                Math.max(1, content.facts().choices()),
                counted.seconds(),
                counted.characters(),
                0,
                0,
                ServiceTier.STANDARD);
    }

    /** What the request itself tells: the text to be spoken, and how long a recording is at most. */
    static Extras counted(Rates rates, Content content) {
        long characters = characters(content);
        long seconds = 0;
        if (rates.of(Billed.SECOND) > 0) {
            seconds = content.json() == null
                    ? Math.ceilDiv(content.bytes().length, LEAST_BYTES_PER_SECOND)
                    : Math.ceilDiv(characters, LEAST_CHARACTERS_PER_SECOND);
        }
        return new Extras(
                0, 0, 0, 0, seconds, rates.of(Billed.CHARACTER) > 0 ? characters : 0, 0, 0, ServiceTier.STANDARD);
    }

    /** Characters of the text to be spoken: {@code input} (OpenAI API reference, "Create speech"), else every text there is. */
    private static long characters(Content content) {
        Json.Obj body = content.json();
        String input = body == null ? null : body.string("input");
        if (input != null) {
            return input.codePointCount(0, input.length());
        }
        Facts facts = content.facts();
        long characters = 0;
        for (Text text : facts.texts()) {
            characters += text.value().length();
        }
        return characters;
    }

    /** The dearest terms that the request asks for by name; others are chosen by the provider, and told in its reply. */
    static ServiceTier askedFor(Json.Obj body) {
        ServiceTier tier = ServiceTier.of(body.string("service_tier"));
        if (tier == ServiceTier.PRIORITY) {
            return tier;
        }
        return ServiceTier.of(body.string("speed")) == ServiceTier.FAST ? ServiceTier.FAST : ServiceTier.STANDARD;
    }
}
