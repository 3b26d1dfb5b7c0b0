package dev.tollgate.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a place in a bundle is written: {@code budget.budgets[0].limit}, {@code models."gpt-4.1".targets}. */
final class YamlPath {
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern QUOTED_BARE = Pattern.compile("\"([A-Za-z0-9_-]+)\"");
    private static final Pattern SEGMENT =
            Pattern.compile("\\G(?:^|\\.|(?=\\[))(?:\"([^\"]*)\"|\\[([^\\]]*)\\]|([^.\\[\\]\"]+))");

    private YamlPath() {}

    static String join(String parent, String key) {
        String written = BARE.matcher(key).matches() ? key : '"' + key + '"';
        return parent.isEmpty() ? written : parent + "." + written;
    }

    /** A path without the quotes that its keys do not need, as {@link #join} writes it. */
    static String plain(String path) {
        return QUOTED_BARE.matcher(path).replaceAll("$1");
    }

    /**
     * Takes a path apart. An index may be written {@code [0]} or {@code .0}.
     *
     * @throws IllegalArgumentException if it is not a path
     */
    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        Matcher matcher = SEGMENT.matcher(path);
        int end = 0;
        while (end < path.length() && matcher.find()) {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                if (matcher.group(group) != null) {
                    segments.add(matcher.group(group).trim());
                }
            }
            end = matcher.end();
        }
        if (end != path.length() || segments.isEmpty()) {
            throw new IllegalArgumentException("not a path such as server.data_plane.port: " + path);
        }
        return segments;
    }
}
