package dev.tollgate.approval;

import dev.tollgate.policy.PolicyException;
import dev.tollgate.value.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that a policy names without saying it, as {@code sha256:LENGTH:DIGEST}.
 *
 * @param length its UTF-16 units
 * @param sha256 SHA-256 over its UTF-8, in lower-case hex
 */
record TextDigest(int length, String sha256) {
    static final String PREFIX = "sha256:";

    private static final Pattern FORM = Pattern.compile(PREFIX + "([1-9][0-9]{0,3}):([0-9a-f]{64})");

    static TextDigest of(String text) {
        return new TextDigest(text.length(), Sha256.hexOf(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Reads one from a policy.
     *
     * @param place the entry's place in the policy
     * @param what what is named, such as {@code line}
     */
    static TextDigest read(String place, String entry, String what) throws PolicyException {
        Matcher matcher = FORM.matcher(entry);
        if (!matcher.matches()) {
            throw PolicyException.at(
                    place,
                    "\"" + entry + "\" is no " + what + ": sha256:, its length of 1 to 9999 characters, a colon,"
                            + " and its SHA-256 as 64 digits of lower-case hex");
        }
        return new TextDigest(Integer.parseInt(matcher.group(1)), matcher.group(2));
    }
}
