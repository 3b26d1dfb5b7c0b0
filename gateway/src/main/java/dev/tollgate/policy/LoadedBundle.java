package dev.tollgate.policy;

import dev.tollgate.policy.YamlNode.Mapping;
import dev.tollgate.policy.YamlNode.Mark;
import dev.tollgate.policy.YamlNode.Member;
import dev.tollgate.policy.YamlNode.Sequence;
import java.util.List;

/** A bundle that was read and bound, and where each part of it was written. */
public final class LoadedBundle {
    private final Bundle bundle;
    private final String version;
    private final Mapping root;

    LoadedBundle(Bundle bundle, String version, Mapping root) {
        this.bundle = bundle;
        this.version = version;
        this.root = root;
    }

    public Bundle bundle() {
        return bundle;
    }

    /** The first 16 hex digits of the SHA-256 over catalog, files, rule packs and overrides. Values of references are not in it. */
    public String version() {
        return version;
    }

    /** What a view compiler refused, with file and line added where the path leads to one. */
    PolicyException located(PolicyException refused) {
        return new PolicyException(refused.errors().stream().map(this::located).toList());
    }

    private PolicyError located(PolicyError error) {
        if (!error.source().isEmpty() || error.path().isEmpty()) {
            return error;
        }
        Mark mark = locate(error.path());
        return new PolicyError(mark.source(), mark.line(), YamlPath.plain(error.path()), error.message());
    }

    private Mark locate(String path) {
        YamlNode node = root;
        Mark mark = new Mark("", 0);
        for (String segment : segments(path)) {
            if (node instanceof Mapping mapping
                    && mapping.members().get(segment) instanceof Member(Mark at, YamlNode below)) {
                mark = at;
                node = below;
            } else if (node instanceof Sequence sequence && isIndex(segment, sequence)) {
                node = sequence.items().get(Integer.parseInt(segment));
                mark = node.mark();
            } else {
                return mark;
            }
        }
        return mark;
    }

    private static boolean isIndex(String segment, Sequence sequence) {
        return segment.matches("\\d{1,6}")
                && Integer.parseInt(segment) < sequence.items().size();
    }

    private static List<String> segments(String path) {
        try {
            return YamlPath.segments(path);
        } catch (IllegalArgumentException notAPath) {
            return List.of();
        }
    }

    @Override
    public String toString() {
        return "LoadedBundle[" + version + "]";
    }
}
