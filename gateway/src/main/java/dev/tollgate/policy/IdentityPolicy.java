package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How callers prove who they are. There is no {@code off}: a call without a key has nobody to charge.
 *
 * @param passThrough whether a client may bring its own provider credential beside a gateway key in a header of its own
 * @param keyCache how long a key read from MongoDB is trusted without asking again, at most 1 s. With 0 a revoked key fails at its next
 *     call on every node; each node may take it for this much longer otherwise. Keys in SQLite need no such trade
 * @param userHeaders headers in which the client names its end user; the first that is there counts, after {@code X-Tollgate-User}
 * @param tags tags of a call that come from headers of its client: the tag's name, and the header whose value it takes
 */
public record IdentityPolicy(
        Boolean passThrough,
        @Range(min = "0ms", max = "1s") Duration keyCache,
        List<String> userHeaders,
        Map<String, String> tags) {
    public static final IdentityPolicy DEFAULT = new IdentityPolicy(true, Duration.ZERO, List.of(), Map.of());
    private static final int MAX_TAGS = 16;
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public IdentityPolicy {
        passThrough = or(passThrough, true);
        keyCache = or(keyCache, Duration.ZERO);
        userHeaders = List.copyOf(or(userHeaders, List.of()));
        tags = Map.copyOf(or(tags, Map.of()));
        if (tags.size() > MAX_TAGS) {
            throw new IllegalArgumentException("has " + tags.size() + " tags, allowed are " + MAX_TAGS);
        }
        for (String tag : tags.keySet()) {
            if (!TAG.matcher(tag).matches()) {
                throw new IllegalArgumentException("\"" + tag
                        + "\" is no name of a tag, allowed are 1 to 64 letters, digits, dots, dashes and underscores");
            }
        }
    }
}
