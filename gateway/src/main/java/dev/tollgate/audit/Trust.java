package dev.tollgate.audit;

import dev.tollgate.audit.seal.VerifierKey;
import java.time.Instant;
import java.util.List;

/**
 * What a verifier brings along that whoever keeps the log cannot change.
 *
 * @param keys public keys that are known to be those of the log; without one the log vouches for its own key, which shows that it is consistent and
 *     not who wrote it
 * @param anchors checkpoints, as signed notes, that were kept elsewhere
 * @param sightings trees that other logs say they have seen
 */
public record Trust(List<VerifierKey> keys, List<String> anchors, List<Sighting> sightings) {
    public static final Trust NONE = new Trust(List.of(), List.of(), List.of());

    /**
     * A checkpoint of a log that somebody else tells of.
     *
     * @param by who tells it
     * @param origin name of the log
     * @param size records in its tree
     * @param root root of its tree in base64
     * @param at when it was told
     */
    public record Sighting(String by, String origin, long size, String root, Instant at) {}

    public Trust {
        keys = List.copyOf(keys);
        anchors = List.copyOf(anchors);
        sightings = List.copyOf(sightings);
    }
}
