package dev.tollgate.load;

import dev.tollgate.detect.Kind;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.detect.RuleSets;
import dev.tollgate.detect.Trust;
import dev.tollgate.detect.VerdictCache;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How fast texts are searched by all shipped packs, on the one thread that runs this: {@code taskset -c 0 java … ScanSpeed [ROUNDS [MIB]]}. Prints
 * megabytes of text per second of CPU: over common chat texts of 100 to 8,000 characters, for each kind of rule alone, over a conversation of 256
 * KB that is known, and over texts of so many MiB (1 if not given) that are built to be slow. The best of the rounds counts, because the others ran
 * beside the compiler.
 */
public final class ScanSpeed {
    private static final int CHAT_CHARS = 4_000_000;
    private static final int CONVERSATION_CHARS = 256 << 10;
    private static final long VERDICT_BYTES = 16 << 20;
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

    private ScanSpeed() {}

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        int hostileChars = (arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1) << 20;
        RuleSet rules = RuleSets.shipped();
        System.out.printf("%d rules%n", rules.rules().size());
        List<String> chat = chat();
        measure("chat, all packs", rules, chat, ALL, rounds);
        for (Kind kind : Kind.values()) {
            measure("chat, " + kind.code() + " only", rules, chat, EnumSet.of(kind), rounds);
        }
        resent(rules, chat, rounds);
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
            List<String> hostile = List.of(unit.repeat(hostileChars / unit.length()));
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

    /** What an agent sends again: every text of it was searched before. */
    private static void resent(RuleSet rules, List<String> chat, int rounds) {
        VerdictCache verdicts = new VerdictCache(VERDICT_BYTES);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 10 * rounds; i++) {
            long began = cpuNanos();
            int chars = 0;
            for (int text = 0; chars < CONVERSATION_CHARS; text++) {
                chars += chat.get(text).length();
                int unused =
                        verdicts.scan(rules, chat.get(text), ALL, Trust.USER).size();
            }
            best = Math.min(best, cpuNanos() - began);
        }
        System.out.printf("256 KB known already         %7.0f µs%n", best / 1e3);
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
