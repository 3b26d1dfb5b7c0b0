package dev.tollgate.detect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Set;

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
        if (text.length() < SHORTEST_REMEMBERED) {
            return rules.scan(text, kinds, writer);
        }
        final Key key = key(rules, text, kinds, writer);
        final List<Finding> remembered = verdicts.getIfPresent(key);
        if (remembered != null) {
            return remembered;
        }
        // Not computed inside the cache: an event loop would wait there for another thread's search.
        final List<Finding> found = rules.scan(text, kinds, writer);
        verdicts.put(key, found);
        return found;
    }

    /** How many verdicts are remembered, about. */
    public long size() {
        return verdicts.estimatedSize();
    }

    private Key key(RuleSet rules, String text, Set<Kind> kinds, Trust writer) {
        return new Key(hash.of(text), text.length(), rules.version(), kinds, writer);
    }
}
