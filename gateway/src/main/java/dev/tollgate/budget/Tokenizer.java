package dev.tollgate.budget;

import java.util.Locale;

/** Families of tokenizers: how well the tokens of a text can be known before the provider tells. */
public enum Tokenizer {
    /** OpenAI's from GPT-4o on. Counted exactly. */
    O200K,
    /** OpenAI's of GPT-4, GPT-3.5 and its embeddings. Counted exactly. */
    CL100K,
    /** Anthropic's, which is not public. Estimated. */
    CLAUDE,
    /** Google's, which is not public. Estimated. */
    GEMINI,
    /** All others. Estimated. */
    OTHER;

    /** Whether it is public, so that texts can be counted. */
    public boolean isExact() {
        return this == O200K || this == CL100K;
    }

    /** @throws IllegalArgumentException if there is no such family */
    static Tokenizer of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
