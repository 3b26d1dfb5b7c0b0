package dev.tollgate.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rule packs that lie in a bundle's folder {@code rules}. Reads files, so not for event loops. */
public final class RuleFiles {
    /** Largest pack, in bytes. */
    static final long MAX_FILE_BYTES = 4L << 20;
    /** Most packs of a bundle. */
    static final int MAX_FILES = 100;

    private RuleFiles() {}

    /**
     * @param bundle the bundle's folder; null for the default bundle, which has none
     * @return YAML by file name, {@code rules/acme.yaml}; empty where there is no such folder
     * @throws PolicyException if they cannot be read, or are too many or too large
     */
    public static Map<String, String> of(@Nullable Path bundle) throws PolicyException {
        Path folder = bundle == null ? null : bundle.resolve("rules");
        if (folder == null || !Files.isDirectory(folder)) {
            return Map.of();
        }
        try {
            return read(folder);
        } catch (IOException unreadable) {
            throw new PolicyException("the rule packs in " + folder + " cannot be read: " + unreadable, unreadable);
        }
    }

    private static Map<String, String> read(Path folder) throws IOException, PolicyException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(file -> file.toString().endsWith(".yaml")).sorted().forEach(files::add);
        }
        if (files.size() > MAX_FILES) {
            throw new PolicyException(folder + " holds " + files.size() + " rule packs, allowed are " + MAX_FILES);
        }
        Map<String, String> packs = new TreeMap<>();
        for (Path file : files) {
            long bytes = Files.size(file);
            if (bytes > MAX_FILE_BYTES) {
                throw new PolicyException(file + " has " + bytes + " bytes, allowed are " + MAX_FILE_BYTES);
            }
            packs.put("rules/" + file.getFileName(), Files.readString(file));
        }
        return packs;
    }
}
