package dev.tollgate.wire;

import java.util.Set;

/**
 * Strings that say how a request is built and not what it is about ({@code "role": "user"}). They are left out of the texts to scan only
 * where both hold: the member's name is on a closed list, and the value is a short token in which no secret has room. Either alone would
 * be a hiding place.
 */
final class Structure {
    private static final int MAX_TOKEN_LENGTH = 64;
    /** Characters that stand alone between separators. */
    private static final int MAX_SINGLE = 4;

    private static final int MAX_MIXED_RUN = 15;

    private static final Set<String> NAMES = Set.of(
            "role",
            "type",
            "object",
            "status",
            "model",
            "format",
            "detail",
            "media_type",
            "mime_type",
            "mimeType",
            "responseMimeType",
            "encoding_format",
            "service_tier",
            "effort",
            "reasoning_effort",
            "verbosity",
            "tool_choice",
            "finish_reason",
            "stop_reason",
            "category",
            "threshold",
            "mode",
            "ttl",
            "truncation",
            "phase",
            "size",
            "quality",
            "voice",
            "include",
            "modalities",
            "response_format");

    private Structure() {}

    /** Whether the value under the name is structure and need not be scanned. */
    static boolean isStructural(String name, String value) {
        return NAMES.contains(name) && isToken(value);
    }

    /**
     * Whether the text is a token: at most 64 characters of {@code [A-Za-z0-9._/-]}, a letter first, and no more than 15 letters and digits
     * in a row where digits are among them, and not a word spelled letter by letter. Names of models, tools and media types are tokens; keys, card and phone numbers and
     * addresses are not.
     */
    static boolean isToken(String text) {
        if (text.isEmpty() || text.length() > MAX_TOKEN_LENGTH || !Ascii.isLetter(text.charAt(0))) {
            return false;
        }
        int run = 0;
        int single = 0;
        boolean mixed = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' || c == '_' || c == '/' || c == '-') {
                single += run == 1 ? 1 : 0;
                run = 0;
                mixed = false;
            } else if (Ascii.isLetter(c) || Ascii.isDigit(c)) {
                run++;
                mixed |= Ascii.isDigit(c);
            } else {
                return false;
            }
            if ((mixed && run > MAX_MIXED_RUN) || single > MAX_SINGLE) {
                return false;
            }
        }
        return true;
    }
}
