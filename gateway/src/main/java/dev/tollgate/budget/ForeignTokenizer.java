package dev.tollgate.budget;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which tokenizer a model of a foreign price table has, by its name. */
final class ForeignTokenizer {
    private static final Pattern O200K = Pattern.compile(
            "(gpt-4o|gpt-4\\.[15]|gpt-[5-9]|gpt-oss|gpt-realtime|gpt-audio|gpt-image|chatgpt|codex|o[134](-|$)).*");
    private static final Pattern CL100K =
            Pattern.compile("(gpt-|text-embedding-|davinci|babbage|ada|computer-use|ft:gpt-3).*");

    private ForeignTokenizer() {}

    static String of(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        if (name.contains("claude")) {
            return "claude";
        }
        if (name.contains("gemini") || name.contains("gemma")) {
            return "gemini";
        }
        String bare = name.substring(name.lastIndexOf('/') + 1).replaceFirst("^openai\\.", "");
        if (O200K.matcher(bare).matches()) {
            return "o200k";
        }
        return CL100K.matcher(bare).matches() ? "cl100k" : "other";
    }
}
