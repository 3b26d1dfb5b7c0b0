package dev.tollgate.approval;

import dev.tollgate.value.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a reviewer wants to go on in the place of one or several passages.
 *
 * @param path of the first passage
 * @param text in its place
 * @param others what goes on in the place of other passages, each without others of its own
 */
public record Edit(String path, String text, List<Edit> others) {
    public Edit {
        others = others == null ? List.of() : List.copyOf(others);
    }

    /** Of one passage. */
    public Edit(String path, String text) {
        this(path, text, List.of());
    }

    /**
     * All of these, each of another passage; null where there are none.
     *
     * @throws IllegalArgumentException naming the passage that is changed twice
     */
    public static @Nullable Edit of(List<Edit> all) {
        Set<String> paths = new HashSet<>();
        for (Edit one : all) {
            if (!paths.add(one.path)) {
                throw new IllegalArgumentException("the passage " + one.path + " is changed twice");
            }
        }
        return all.isEmpty() ? null : new Edit(all.getFirst().path, all.getFirst().text, all.subList(1, all.size()));
    }

    /** Each passage by itself, at least one. */
    public List<Edit> all() {
        List<Edit> all = new ArrayList<>(List.of(new Edit(path, text)));
        all.addAll(others);
        return all;
    }

    /** Hashes of the texts in lower-case hex, for records, with blanks between. */
    public String sha256() {
        return all().stream()
                .map(edit -> Sha256.hexOf(edit.text.getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        return "Edit[" + path + (others.isEmpty() ? "" : " and " + others.size() + " more") + ", redacted]";
    }
}
