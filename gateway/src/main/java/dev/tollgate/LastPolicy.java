package dev.tollgate;

import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyChanges;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what may be said of the policy in force in a file of the data folder, so that the next start can tell what was changed in between. Without secrets. It is a
 * help for people: where it cannot be written or read, the log says so and nothing stops. Blocks; for one thread at a time.
 */
final class LastPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(LastPolicy.class);
    private static final String NAME = "policy-in-force";

    private final Path file;

    LastPolicy(Path dataFolder) {
        this.file = dataFolder.resolve(NAME);
    }

    /** What was kept of the settings before, by their places; empty for nothing. */
    Map<String, String> shown() {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            Properties kept = new Properties();
            kept.load(reader);
            Map<String, String> shown = new HashMap<>();
            kept.forEach((place, value) -> shown.put(place.toString(), value.toString()));
            return shown;
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.warn("what the policy was before cannot be read from {}: {}", file, unreadable.toString());
            return Map.of();
        }
    }

    void keep(Bundle bundle) {
        Properties kept = new Properties();
        kept.putAll(PolicyChanges.shown(bundle));
        Path fresh = file.resolveSibling(NAME + ".new");
        try {
            try (Writer writer = Files.newBufferedWriter(fresh)) {
                kept.store(writer, "The settings in force. Only read to tell what the next start changes.");
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            LOG.warn("what the policy is cannot be kept in {}: {}", file, failure.toString());
        }
    }
}
