package dev.tollgate.audit;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a chain: the node that writes it, how often that node has started, and some randomness, so that two copies of one data folder never
 * write chains of one name.
 *
 * @param node 10 characters, kept as long as the journal
 * @param boot from 1
 * @param salt 4 characters
 */
record ChainId(String node, int boot, String salt) {
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int NODE_LENGTH = 10;
    private static final int SALT_LENGTH = 4;
    private static final Pattern WRITTEN = Pattern.compile("([a-z0-9]{10})\\.(\\d{6,9})\\.([a-z0-9]{4})");
    private static final SecureRandom RANDOM = new SecureRandom();

    static ChainId first() {
        return new ChainId(random(NODE_LENGTH), 1, random(SALT_LENGTH));
    }

    /** The chain that the same node begins after this one. */
    ChainId next() {
        return new ChainId(node, boot + 1, random(SALT_LENGTH));
    }

    static ChainId parse(String written) {
        Matcher matcher = WRITTEN.matcher(written);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not the id of a chain: " + written);
        }
        return new ChainId(matcher.group(1), Integer.parseInt(matcher.group(2)), matcher.group(3));
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return node + "." + String.format(Locale.ROOT, "%06d", boot) + "." + salt;
    }
}
