package dev.tollgate.load;

import dev.tollgate.detect.Kind;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.detect.RuleSets;
import dev.tollgate.detect.Trust;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How fast texts are searched by all shipped packs, on the one thread that runs this: {@code taskset -c 0 java … ScanSpeed [ROUNDS]}. Prints
 * megabytes of text per second of CPU: over common chat texts of 100 to 8,000 characters, for each kind of rule alone, and over texts that are
 * built to be slow. The best of the rounds counts, because the others ran beside the compiler.
 */
public final class ScanSpeed {
    private static final int CHAT_CHARS = 4_000_000;
    private static final int HOSTILE_CHARS = 1 << 20;
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

    private ScanSpeed() {}

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        RuleSet rules = RuleSets.shipped();
        System.out.printf("%d rules%n", rules.rules().size());
        List<String> chat = chat();
        measure("chat, all packs", rules, chat, ALL, rounds);
        for (Kind kind : Kind.values()) {
            measure("chat, " + kind.code() + " only", rules, chat, EnumSet.of(kind), rounds);
        }
        for (String unit : List.of(
                "a",
                "a ",
                "@",
                "7",
                "7 ",
                "eyJ",
                "AKIA",
                "-----BEGIN ",
                "ignore all ",
                "key=",
                "%41",
                "\\n",
                "ａ",
                "忽略")) {
            List<String> hostile = List.of(unit.repeat(HOSTILE_CHARS / unit.length()));
            measure("nothing but \"" + unit + "\"", rules, hostile, ALL, Math.max(2, rounds / 10));
        }
    }

    private static List<String> chat() {
        ChatText source = new ChatText(1);
        List<String> texts = new ArrayList<>();
        int chars = 0;
        for (int i = 0; chars < CHAT_CHARS; i++) {
            texts.add(source.message(100 + i * 131 % 7900));
            chars += texts.getLast().length();
        }
        return texts;
    }

    private static void measure(String name, RuleSet rules, List<String> texts, Set<Kind> kinds, int rounds) {
        long chars = texts.stream().mapToLong(String::length).sum();
        long best = Long.MAX_VALUE;
        int findings = 0;
        for (int i = 0; i < rounds; i++) {
            long began = cpuNanos();
            findings = 0;
            for (String text : texts) {
                findings += rules.scan(text, kinds, Trust.USER).size();
            }
            best = Math.min(best, cpuNanos() - began);
        }
        System.out.printf("%-28s %7.1f MB/s, %d findings%n", name, chars * 1e3 / best, findings);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
