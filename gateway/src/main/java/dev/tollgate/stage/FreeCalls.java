package dev.tollgate.stage;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import java.util.Set;

/**
 * Tells calls that cost nothing. Whatever is not known to be free is not: a batch, a run of an assistant or a training job names no model,
 * is paid for later, and would be a way around every budget. Names are those of the OpenAI, Anthropic, Gemini, Mistral and Cohere API
 * references.
 */
final class FreeCalls {
    /** Last parts of paths of calls that count, check or store. */
    private static final Set<String> ENDINGS = Set.of(
            "count_tokens",
            "count-tokens",
            "input_tokens",
            "tokenize",
            "detokenize",
            "moderations",
            "files",
            "uploads",
            "parts",
            "complete",
            "cancel",
            "conversations",
            "items",
            "vector_stores",
            "file_batches",
            "feedback");
    /** Parts behind which the name of a stored thing may follow: changing what is stored is free. */
    private static final Set<String> STORES =
            Set.of("files", "uploads", "conversations", "vector_stores", "completions");

    private static final Set<String> READING = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

    private FreeCalls() {}

    static boolean isFree(Exchange exchange, Target target) {
        String path = exchange.endpoint().path();
        // An encoded name could be any of those that cost something.
        if (exchange.facts().generates() || path.indexOf('%') >= 0) {
            return READING.contains(exchange.inbound().method())
                    && !exchange.facts().generates();
        }
        int slash = path.lastIndexOf('/');
        String last = path.substring(slash + 1);
        return READING.contains(exchange.inbound().method())
                || ENDINGS.contains(last)
                || last.endsWith(":countTokens")
                || (target.model() == null && STORES.contains(before(path, slash)));
    }

    private static String before(String path, int slash) {
        return slash <= 0 ? "" : path.substring(path.lastIndexOf('/', slash - 1) + 1, slash);
    }
}
