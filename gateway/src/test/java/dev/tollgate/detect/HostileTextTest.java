package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Texts that are built to be slow, out of the expressions of the shipped rules themselves: work is counted, not time. */
class HostileTextTest {
    /** A text as long as an attack needs to be; longer ones may exceed their limit, and are refused then. */
    private static final int CHARS = 2000;

    private static final int MOST_REPEATS = 200;
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
    private static final List<Rule> RULES = RuleSets.shippedTexts().entrySet().stream()
            .flatMap(pack -> RulePack.read(pack.getKey(), pack.getValue()).rules().stream())
            .map(RulePack.Loaded::rule)
            .toList();

    private final Random random = new Random(17);

    @Test
    void scan_textsBuiltFromARulesExpression_staysWithinTheLimitOfTheText() {
        final List<String> beyond = new ArrayList<>();
        for (Rule rule : RULES) {
            final Engine engine = new Engine(EnumSet.of(rule.kind()), List.of(rule));
            for (String unit : units(rule)) {
                final String text = unit.repeat(CHARS / unit.length() + 1).substring(0, CHARS);
                final long spent = spent(engine, EnumSet.of(rule.kind()), text);
                if (spent > Work.BASE + Work.PER_CHAR * CHARS) {
                    beyond.add(rule.id() + " spends " + spent / CHARS + " per char where " + unit.length()
                            + " chars are repeated");
                }
            }
        }

        assertThat(beyond).isEmpty();
    }

    @Test
    void scan_longerHostileText_spendsInProportion() {
        final Engine engine = new Engine(ALL, RULES);
        for (String unit : List.of(
                "a",
                "a ",
                "@",
                "7",
                "7 ",
                "eyJ",
                "AKIA",
                "-----BEGIN ",
                "key=",
                "%41",
                "\\n",
                "ａ",
                "aGVsbG8gd29ybGQh",
                "41 ",
                "a-")) {
            final long few = spent(engine, ALL, unit.repeat(10_000 / unit.length()));
            final long many = spent(engine, ALL, unit.repeat(40_000 / unit.length()));

            assertThat(many).as(unit).isLessThan(5 * few);
        }
    }

    @Test
    void scan_textThatExceedsItsLimit_isAFindingOfEachKind() {
        final String text = "ann@acme.dev ".repeat(Scan.MOST_FINDINGS + 1);

        final List<Finding> findings = RuleSets.shipped().scan(text, ALL, Trust.TOOL_RESULT);

        assertThat(findings)
                .filteredOn(finding -> finding.ruleId().equals(Finding.WORK_LIMIT))
                .extracting(Finding::kind)
                .containsExactlyInAnyOrder(Kind.values());
    }

    private static long spent(Engine engine, Set<Kind> kinds, String text) {
        final Work work = new Work(Long.MAX_VALUE);
        try {
            new Scan(engine, new Engine.Asked(kinds, Trust.TOOL_RESULT), text, work, null).run();
        } catch (Work.Exceeded tooManyFindings) {
            // Counted up to there.
        }
        return Long.MAX_VALUE - work.left();
    }

    /** Pieces that match, or begin to, again and again. */
    private List<String> units(Rule rule) {
        final List<String> units =
                new ArrayList<>(rule.trigger().keywords().stream().limit(1).toList());
        ShapeReader.read(rule.expression().pattern()).map(this::piece).ifPresent(text -> {
            units.add(text);
            units.add(text.substring(0, 1 + text.length() / 2));
        });
        units.removeIf(String::isEmpty);
        return units;
    }

    private String piece(Shape shape) {
        final StringBuilder text = new StringBuilder();
        write(shape, text);
        return text.toString();
    }

    private void write(Shape shape, StringBuilder text) {
        switch (shape) {
            case Shape.One(BitSet symbols) -> text.append(one(symbols));
            case Shape.Row(List<Shape> parts) -> parts.forEach(part -> write(part, text));
            case Shape.Choice(List<Shape> options) -> write(options.get(random.nextInt(options.size())), text);
            case Shape.Repeat(Shape part, int least, int most) -> {
                final int times = random.nextBoolean() ? Math.min(most, Math.max(least, MOST_REPEATS)) : least;
                for (int i = 0; i < times && text.length() < CHARS; i++) {
                    write(part, text);
                }
            }
        }
    }

    private char one(BitSet symbols) {
        final int some = symbols.nextSetBit(random.nextInt(Shape.ASCII));
        final int symbol = some >= 0 && some < Shape.ASCII ? some : symbols.nextSetBit(0);
        return symbol < 0 || symbol >= Shape.ASCII ? '忽' : (char) symbol;
    }
}
