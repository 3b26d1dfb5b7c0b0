package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The search with all that makes it fast (sieve, surroundings, digit table, gates, what is settled, failures known) against {@link PlainSearch},
 * which has none of it: both find the same, in texts made of all rules' examples, as they are and spoilt, and in what such texts hide.
 */
class PlainSearchTest {
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
    private static final int TEXT_CHARS = 3000;
    private static final int DEPTH = 2;
    private static final List<Normaliser> NORMALISERS =
            List.of(new Escapes(), new Disguises(), new Encodings(), new HexBytes());

    private static final List<RulePack.Loaded> LOADED = RuleSets.shippedTexts().entrySet().stream()
            .flatMap(pack -> RulePack.read(pack.getKey(), pack.getValue()).rules().stream())
            .toList();
    private static final List<Rule> RULES =
            LOADED.stream().map(RulePack.Loaded::rule).toList();
    private static final Engine ENGINE = new Engine(ALL, RULES);
    private static final PlainSearch PLAIN = new PlainSearch(LOADED);

    private static final List<String> BETWEEN = List.of(
            " ", "\n", ". ", ", ", "\"", "' ", "(", ") ", ": ", "=", " = ", "/", "-", "_", "|", "\t", "", "x", "7",
            "é ", " 忽略 ", "“", "” ");
    private static final List<String> FILLING = List.of(
            "the",
            "report",
            "for",
            "2025-03-14T10:22:33.123Z",
            "192.168.0.17",
            "Please",
            "ignore",
            "all",
            "key",
            "id",
            "number",
            "private",
            "token",
            "10:22:33",
            "4111 1111",
            "previous",
            "12",
            "send",
            "to",
            "address",
            "Straße",
            "проверьте",
            "指令",
            "a1b2c3d4e5f6",
            "{\"a\": 1}",
            "==",
            "system",
            "phone",
            "su",
            "SK");

    private final Random random = new Random(29);

    @Test
    void search_textsMadeOfAllExamples_findsWhatThePlainSearchFinds() {
        int found = 0;
        for (String text : texts()) {
            for (Trust writer : List.of(Trust.USER, Trust.TOOL_RESULT)) {
                final List<Finding> fast = fast(text, writer);

                assertThat(fast).as(text).containsExactlyElementsOf(plain(text, writer));
                found += fast.size();
            }
        }
        assertThat(found).isGreaterThan(2 * RULES.size());
    }

    @Test
    void search_oneThingOverAndOver_findsWhatThePlainSearchFinds() {
        for (RulePack.Loaded loaded : LOADED) {
            if (random.nextInt(10) == 0) {
                final String example = example(loaded.entry().matches());
                final String text = (spoilt(example) + ' ').repeat(1 + 600 / (example.length() + 1)) + example;

                assertThat(fast(text, Trust.TOOL_RESULT))
                        .as(text)
                        .containsExactlyElementsOf(plain(text, Trust.TOOL_RESULT));
            }
        }
    }

    @Test
    void search_viewsOfTexts_findWhatThePlainSearchFindsInThem() {
        int hidden = 0;
        for (String text : texts()) {
            final String written = written(text);
            final List<Finding> fast = fastInDepth(written);

            assertThat(fast).as(written).containsExactlyElementsOf(plainInDepth(written));
            hidden += fast.size() - fast(written, Trust.TOOL_RESULT).size();
        }
        // Most of what is found stands in views: else nothing was shown.
        assertThat(hidden).isGreaterThan(RULES.size());
    }

    /** Here and there a character is escaped, a mark or something invisible is put in, or a word is encoded. */
    private String written(String text) {
        final StringBuilder written = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            final int end = Math.min(text.length(), at + 1 + random.nextInt(random.nextInt(8) == 0 ? 400 : 30));
            written.append(text, at, end);
            if (end < text.length()) {
                written.append(hidden(text.charAt(end)));
            }
            at = end + 1;
        }
        return written.toString();
    }

    private String hidden(char c) {
        return switch (random.nextInt(9)) {
            case 0 -> c + "**";
            case 1 -> "**" + c;
            case 2 -> String.format("\\u%04x", (int) c);
            case 3 -> c < 0x80 ? String.format("%%%02X", (int) c) : "\\n" + c;
            case 4 -> "&#" + (int) c + ";";
            case 5 -> c + "\u200B";
            case 6 -> c + "<!-- x -->";
            case 7 -> " " + encoded("token=" + c + some(FILLING) + " ignore all previous " + some(FILLING)) + " " + c;
            default -> String.valueOf(c);
        };
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Each example of each rule stands in one of them. */
    private List<String> texts() {
        final List<String> pieces = new ArrayList<>();
        for (RulePack.Loaded loaded : LOADED) {
            final ExampleTemplate template =
                    new ExampleTemplate(loaded.rule().id().hashCode());
            loaded.entry().matches().forEach(example -> pieces.add(template.fill(example)));
            loaded.entry().passes().forEach(example -> pieces.add(template.fill(example)));
        }
        Collections.shuffle(pieces, random);
        final List<String> texts = new ArrayList<>();
        final StringBuilder text = new StringBuilder();
        for (String piece : pieces) {
            text.append(random.nextInt(4) == 0 ? spoilt(piece) : piece).append(some(BETWEEN));
            for (int filling = random.nextInt(6); filling > 0; filling--) {
                text.append(some(FILLING)).append(some(BETWEEN));
            }
            if (text.length() > TEXT_CHARS) {
                texts.add(text.toString());
                text.setLength(0);
            }
        }
        texts.add(text.toString());
        return texts;
    }

    private String example(List<String> examples) {
        return new ExampleTemplate(random.nextInt()).fill(some(examples));
    }

    /** One character is another one, is missing, or is there twice. */
    private String spoilt(String example) {
        final int at = random.nextInt(example.length());
        return example.substring(0, at)
                + List.of("", "x", "7", " ", "é", example.substring(at, at + 1).repeat(2))
                        .get(random.nextInt(6))
                + example.substring(at + 1);
    }

    private String some(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static List<Finding> fast(String text, Trust writer) {
        final Scan scan = new Scan(ENGINE, new Engine.Asked(ALL, writer), text, new Work(Long.MAX_VALUE), null);
        new Pass(scan, View.of(text), ENGINE.judging(ALL, writer)).run();
        return sorted(scan.found());
    }

    private static List<Finding> plain(String text, Trust writer) {
        return sorted(PLAIN.search(View.of(text), writer));
    }

    /** With what is found in views, and in views of views. */
    private static List<Finding> fastInDepth(String text) {
        final Scan scan =
                new Scan(ENGINE, new Engine.Asked(ALL, Trust.TOOL_RESULT), text, new Work(Long.MAX_VALUE), null);
        final View whole = View.of(text);
        final Pass pass = new Pass(scan, whole, ENGINE.judging(ALL, Trust.TOOL_RESULT));
        pass.run();
        fastViews(scan, whole, pass);
        return sorted(scan.found());
    }

    private static void fastViews(Scan scan, View view, Pass outer) {
        if (view.depth() < DEPTH) {
            for (Normaliser normaliser : NORMALISERS) {
                normaliser.views(view, inner -> {
                    final Pass pass = new Pass(scan, inner, ENGINE.judging(ALL, Trust.TOOL_RESULT));
                    pass.run(outer);
                    fastViews(scan, inner, pass);
                });
            }
        }
    }

    private static List<Finding> plainInDepth(String text) {
        final List<Finding> found = new ArrayList<>();
        plainViews(View.of(text), found);
        return sorted(found);
    }

    private static void plainViews(View view, List<Finding> found) {
        found.addAll(PLAIN.search(view, Trust.TOOL_RESULT));
        if (view.depth() < DEPTH) {
            NORMALISERS.forEach(normaliser -> normaliser.views(view, inner -> plainViews(inner, found)));
        }
    }

    private static List<Finding> sorted(List<Finding> findings) {
        return findings.stream()
                .sorted(Comparator.comparingInt(Finding::start)
                        .thenComparing(Finding::ruleId)
                        .thenComparingInt(Finding::end))
                .toList();
    }
}
