package dev.tollgate.budget;

import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Text;

/** Names turns and sessions by a number: who sends what is new in it. Enough to tell them apart, no secret. Pure functions. */
final class Turns {
    private static final long PRIME = 0x9E3779B97F4A7C15L;
    /** Most characters of a text that are looked at where digits and blanks do not count. */
    private static final int MAX_SIMILAR = 8_192;

    private Turns() {}

    /** The session; 0 where the call belongs to none. */
    static long session(Caller caller) {
        return caller.session().isEmpty()
                ? 0
                : mix(hash(caller.session().get().value()), hash(caller.key().value()));
    }

    /**
     * What is new in the call, in its session; 0 where nothing is.
     *
     * @param similar whether digits and blanks count for nothing
     */
    static long turn(long session, Facts facts, boolean similar) {
        long turn = 0;
        for (Text text : facts.texts()) {
            if (text.isNew() && isSaid(text.place())) {
                turn = mix(turn, similar ? similar(text.value()) : hash(text.value()));
            }
        }
        return turn == 0 ? 0 : mix(session, turn);
    }

    private static boolean isSaid(Place place) {
        return switch (place) {
            case USER, RAW_PROMPT, ASSISTANT, TOOL_RESULT, DOCUMENT -> true;
            case SYSTEM, TOOL_DEFINITION, REASONING, TOOL_ARGUMENTS, METADATA, OTHER -> false;
        };
    }

    static long hash(String text) {
        // The string's own hash is remembered by it and computed fast; with the length it tells the few turns of a
        // session apart.
        return mix(text.hashCode(), text.length());
    }

    private static long similar(String text) {
        long hash = 0;
        boolean inDigits = false;
        int end = Math.min(text.length(), MAX_SIMILAR);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean isDigit = c >= '0' && c <= '9';
            if (c > ' ' && !(isDigit && inDigits)) {
                hash = hash * 31 + (isDigit ? '0' : c);
            }
            inDigits = isDigit;
        }
        return mix(hash, 1);
    }

    static long mix(long one, long other) {
        long mixed = (one ^ Long.rotateLeft(other, 31)) * PRIME;
        return mixed ^ (mixed >>> 29) ^ other;
    }
}
