package dev.tollgate.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a wire understood of a request.
 *
 * @param model the model's name as the client gave it, in the body or the path; null where the endpoint names none
 * @param modelStart offset of the model's JSON string (its quote) in the body, or -1 where it stands in the path or nowhere
 * @param modelEnd one past the closing quote, or -1
 * @param streams whether the client asked for a stream
 * @param maxOutputTokens the request's own limit on output tokens per choice; null if it set none
 * @param choices how many completions are asked for, ≥ 1
 * @param generates whether the call makes a model produce billable output (false: embeddings, counting, listing)
 * @param texts every text in the body, in document order
 * @param toolNames names of the tools that the request defines
 * @param notScanned what could not be read as text, such as {@code image/png messages[2].content[1]}; empty if all was read
 * @param promptCacheKey the client's own label for the conversation, if its wire has one ({@code prompt_cache_key},
 *     {@code metadata.user_id}); else null
 * @param usageRequest the change that makes the provider tell usage in the stream; null where it does so anyway
 * @param user the client's own name for its end user, if its wire has one ({@code user}, {@code metadata.user_id}); else null
 */
public record Facts(
        @Nullable String model,
        int modelStart,
        int modelEnd,
        boolean streams,
        @Nullable Long maxOutputTokens,
        int choices,
        boolean generates,
        List<Text> texts,
        List<String> toolNames,
        List<String> notScanned,
        @Nullable String promptCacheKey,
        @Nullable Splice usageRequest,
        @Nullable String user) {

    public static final Facts NOTHING =
            new Facts(null, -1, -1, false, null, 1, false, List.of(), List.of(), List.of(), null, null);

    /** Facts of a call that names no end user. */
    public Facts(
            @Nullable String model,
            int modelStart,
            int modelEnd,
            boolean streams,
            @Nullable Long maxOutputTokens,
            int choices,
            boolean generates,
            List<Text> texts,
            List<String> toolNames,
            List<String> notScanned,
            @Nullable String promptCacheKey,
            @Nullable Splice usageRequest) {
        this(
                model,
                modelStart,
                modelEnd,
                streams,
                maxOutputTokens,
                choices,
                generates,
                texts,
                toolNames,
                notScanned,
                promptCacheKey,
                usageRequest,
                null);
    }

    public Facts {
        texts = List.copyOf(texts);
        toolNames = List.copyOf(toolNames);
        notScanned = List.copyOf(notScanned);
    }

    /** These facts of a call that is made to allow so many tokens of output per choice. */
    public Facts withMaxOutput(long tokens) {
        return new Facts(
                model,
                modelStart,
                modelEnd,
                streams,
                tokens,
                choices,
                generates,
                texts,
                toolNames,
                notScanned,
                promptCacheKey,
                usageRequest,
                user);
    }

    /** These facts for a call whose body is left as it is. */
    public Facts withoutUsageRequest() {
        return usageRequest == null
                ? this
                : new Facts(
                        model,
                        modelStart,
                        modelEnd,
                        streams,
                        maxOutputTokens,
                        choices,
                        generates,
                        texts,
                        toolNames,
                        notScanned,
                        promptCacheKey,
                        null,
                        user);
    }

    @Override
    public String toString() {
        return "Facts[model=" + model + ", streams=" + streams + ", texts=" + texts.size() + "]";
    }
}
