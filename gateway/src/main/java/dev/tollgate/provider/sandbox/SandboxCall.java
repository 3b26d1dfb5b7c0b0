package dev.tollgate.provider.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox model was asked, whatever the wire.
 *
 * @param model its name
 * @param prompt the last thing a person or tool said
 * @param inputTokens of everything that was sent
 * @param maxTokens most tokens to answer with
 * @param tool name of the first tool that was defined; null if there is none
 * @param streams whether the answer comes in events
 */
record SandboxCall(
        String model,
        String prompt,
        int inputTokens,
        int maxTokens,
        @Nullable String tool,
        boolean streams) {
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int MAX_QUOTED = 400;
    private static final int DEFAULT_MAX_TOKENS = 512;
    private static final int TOOL_CALL_TOKENS = 12;

    static SandboxCall of(
            String model, String prompt, JsonNode body, int maxTokens, @Nullable String tool, boolean streams) {
        return new SandboxCall(
                model, prompt, tokens(body.toString()), maxTokens <= 0 ? DEFAULT_MAX_TOKENS : maxTokens, tool, streams);
    }

    /** Whether the answer is a call of the tool: the prompt asks for one, and one is there. */
    boolean wantsTool() {
        return tool != null && prompt.toLowerCase(Locale.ROOT).contains("use the tool");
    }

    /** The answer, cut at the tokens that are allowed. */
    String answer() {
        return cut(whole(), mostCharacters());
    }

    /** Whether the answer was longer than allowed. */
    boolean isCut() {
        return !wantsTool() && whole().length() > mostCharacters();
    }

    int outputTokens() {
        return wantsTool() ? Math.min(TOOL_CALL_TOKENS, maxTokens) : tokens(answer());
    }

    private String whole() {
        String quoted = cut(prompt, MAX_QUOTED) + (prompt.length() > MAX_QUOTED ? "…" : "");
        return "This is " + model + ", a sandbox model inside Tollgate. You said: " + quoted;
    }

    private int mostCharacters() {
        return (int) Math.min((long) maxTokens * CHARACTERS_PER_TOKEN, Integer.MAX_VALUE);
    }

    // Half a surrogate pair is no text.
    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** The same call gets the same id. */
    String id(String prefix) {
        return prefix
                + UUID.nameUUIDFromBytes((model + '\n' + prompt).getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "");
    }

    private static int tokens(String text) {
        return Math.max(1, (text.length() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN);
    }

    @Override
    public String toString() {
        return "SandboxCall[" + model + ", redacted]";
    }
}
