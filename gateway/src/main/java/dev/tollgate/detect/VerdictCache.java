package dev.tollgate.detect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was found in a text, by its content: agents send their whole history again each turn, and only what is new needs to be
 * searched. Holds hashes and positions, no text. Any thread.
 */
public final class VerdictCache {
    /** Shorter texts are searched faster than they are hashed and looked up, in chars. */
    static final int SHORTEST_REMEMBERED = 64;

    private static final int ENTRY_BYTES = 192;
    private static final int FINDING_BYTES = 64;

    private final Cache<Key, List<Finding>> verdicts;
    /** Of this process alone: an attacker who could make two texts of one key would get the verdict of the harmless one for the other. */
    private final TextHash hash = TextHash.random();

    private record Key(TextHash.Hash text, int length, String rules, Set<Kind> kinds, Trust writer) {}

    /** @param maxBytes about how much memory the verdicts may take */
    public VerdictCache(long maxBytes) {
        this.verdicts = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(maxBytes)
                .weigher((Key key, List<Finding> findings) -> ENTRY_BYTES + FINDING_BYTES * findings.size())
                .build();
    }

    /** What {@link RuleSet#scan} finds, remembered if the text is long enough. */
    public List<Finding> scan(RuleSet rules, String text, Set<Kind> kinds, Trust writer) {
        return ask(rules, text, kinds, writer).answer();
    }

    /** Looks a text up: as fast as it is hashed. It is not searched before its answer is asked for. */
    public Question ask(RuleSet rules, String text, Set<Kind> kinds, Trust writer) {
        if (text.length() < SHORTEST_REMEMBERED) {
            return new Question(rules, text, kinds, writer, null, null);
        }
        final Key key = new Key(hash.of(text), text.length(), rules.version(), kinds, writer);
        return new Question(rules, text, kinds, writer, key, verdicts.getIfPresent(key));
    }

    /** A text that was looked up. For one thread at a time. */
    public final class Question {
        private final RuleSet rules;
        private final String text;
        private final Set<Kind> kinds;
        private final Trust writer;
        /** Null for texts that are not remembered. */
        private final @Nullable Key key;

        private @Nullable List<Finding> known;

        private Question(
                RuleSet rules,
                String text,
                Set<Kind> kinds,
                Trust writer,
                @Nullable Key key,
                @Nullable List<Finding> known) {
            this.rules = rules;
            this.text = text;
            this.kinds = kinds;
            this.writer = writer;
            this.key = key;
            this.known = known;
        }

        /** Whether the answer is remembered: if not, it takes a search. */
        public boolean isAnswered() {
            return known != null;
        }

        public List<Finding> answer() {
            List<Finding> findings = known;
            if (findings == null) {
                // Not computed inside the cache: an event loop would wait there for another thread's search.
                findings = rules.scan(text, kinds, writer);
                known = findings;
                if (key != null) {
                    verdicts.put(key, findings);
                }
            }
            return findings;
        }
    }

    /** How many verdicts are remembered, about. */
    public long size() {
        return verdicts.estimatedSize();
    }
}
