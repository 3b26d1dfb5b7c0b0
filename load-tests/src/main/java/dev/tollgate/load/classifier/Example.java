package dev.tollgate.load.classifier;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.detect.Classifier;
import dev.tollgate.detect.Ngrams;
import dev.tollgate.detect.Trust;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A text of a corpus, cut into the n-grams of its blocks.
 *
 * @param source the repository that it comes from: what a fold is made of
 * @param family its family there
 * @param attack whether it is one
 * @param mayTrain whether it is learned from: its licence must allow weights that are made from it to be shipped for any use; it must not
 *                 be encoded, because what an encoding looks like says nothing of what is inside; and an attack must be all attack,
 *                 because of one in a document or a tool's result the material around it would be learned
 * @param text   itself
 * @param writer who is taken for its writer
 * @param blocks buckets of the n-grams that end in each block
 */
record Example(
        String source, String family, boolean attack, boolean mayTrain, String text, Trust writer, List<int[]> blocks) {
    Example {
        blocks = List.copyOf(blocks);
    }

    static Example of(JsonNode row) {
        final String text = row.path("text").asText();
        final boolean attack = row.path("expect").asText().equals("detect") && row.has("family");
        final boolean whole = row.path("role").asText().equals("user");
        return new Example(
                row.path("source_repo").asText(),
                row.path("family").asText("other"),
                attack,
                isFree(row.path("license").asText()) && !row.has("encoding") && (!attack || whole),
                text,
                writer(row.path("role").asText()),
                blocks(text));
    }

    /** Buckets of the stretch of blocks that begins with {@code first}. */
    int[] stretch(int first) {
        final List<int[]> parts = blocks.subList(first, Math.min(blocks.size(), first + Classifier.BLOCKS));
        return parts.stream().flatMapToInt(Arrays::stream).toArray();
    }

    int stretches() {
        return Math.max(1, blocks.size() - Classifier.BLOCKS + 1);
    }

    private static List<int[]> blocks(String text) {
        final List<int[]> blocks = new ArrayList<>();
        final int half = Classifier.MOST_CHARS / 2;
        if (text.length() <= Classifier.MOST_CHARS) {
            cut(text, 0, text.length(), blocks);
        } else {
            cut(text, 0, half, blocks);
            cut(text, text.length() - half, text.length(), blocks);
        }
        return blocks;
    }

    private static void cut(String text, int from, int to, List<int[]> blocks) {
        final List<List<Integer>> grams = new ArrayList<>();
        for (int start = from; start < to; start += Classifier.BLOCK_CHARS) {
            grams.add(new ArrayList<>());
        }
        Ngrams.cut(
                text,
                from,
                to,
                (bucket, end) ->
                        grams.get((end - 1 - from) / Classifier.BLOCK_CHARS).add(bucket));
        grams.forEach(
                block -> blocks.add(block.stream().mapToInt(Integer::intValue).toArray()));
    }

    private static boolean isFree(String licence) {
        return !licence.toUpperCase(Locale.ROOT).contains("NC");
    }

    private static Trust writer(String role) {
        return switch (role) {
            case "tool" -> Trust.TOOL_RESULT;
            case "document" -> Trust.DOCUMENT;
            case "system" -> Trust.OPERATOR;
            case "assistant" -> Trust.ASSISTANT;
            default -> Trust.USER;
        };
    }
}
