package dev.tollgate.detect;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Fills the templates in which rule packs write their examples, so that no pack and no test holds what looks like a live secret. */
final class ExampleTemplate {
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGIT = "0123456789";
    private static final Pattern SLOT = Pattern.compile("\\{([a-z_0-9]+)(?::([^}]*))?}");

    private final Random random;

    ExampleTemplate(long seed) {
        this.random = new Random(seed);
    }

    String fill(String template) {
        return SLOT.matcher(template).replaceAll(slot -> Matcher.quoteReplacement(value(slot)));
    }

    private String value(MatchResult slot) {
        return switch (slot.group(1)) {
            case "upper" -> some(UPPER, slot);
            case "lower" -> some(LOWER, slot);
            case "digit" -> some(DIGIT, slot);
            case "alpha" -> some(UPPER + LOWER, slot);
            case "alnum" -> some(UPPER + LOWER + DIGIT, slot);
            case "lower_alnum" -> some(LOWER + DIGIT, slot);
            case "upper_alnum" -> some(UPPER + DIGIT, slot);
            case "hex" -> some(DIGIT + "abcdef", slot);
            case "upper_hex" -> some(DIGIT + "ABCDEF", slot);
            case "base64" -> some(UPPER + LOWER + DIGIT + "+/", slot);
            case "base64url" -> some(UPPER + LOWER + DIGIT + "-_", slot);
            case "base32" -> some(UPPER + "234567", slot);
            case "uuid" -> new UUID(random.nextLong(), random.nextLong()).toString();
            case "github" -> github(slot.group(2));
            case "jwt" ->
                base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64("{\"sub\":\"17\"}") + "."
                        + some(UPPER + LOWER + DIGIT, 43);
            case "jwe" ->
                base64("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}") + "." + some(LOWER + DIGIT, 342) + "."
                        + some(LOWER + DIGIT, 16) + "." + some(LOWER + DIGIT, 80) + "." + some(LOWER + DIGIT, 22);
            case "pem" ->
                "-----BEGIN " + slot.group(2) + "-----\n" + some(UPPER + LOWER + DIGIT + "+/", 640) + "\n-----END "
                        + slot.group(2) + "-----";
            case "base64_of" -> Base64.getEncoder().encodeToString(slot.group(2).getBytes(StandardCharsets.UTF_8));
            default -> slot.group();
        };
    }

    private String some(String alphabet, MatchResult slot) {
        return slot.group(2) == null ? slot.group() : some(alphabet, Integer.parseInt(slot.group(2)));
    }

    /** Random characters with every class of the alphabet in them, as generators of keys make them. */
    private String some(String alphabet, int length) {
        final StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private String github(String prefix) {
        final String body = some(UPPER + LOWER + DIGIT, 30);
        final CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        final StringBuilder checksum = new StringBuilder();
        for (long rest = crc.getValue(); checksum.length() < 6; rest /= 62) {
            checksum.insert(0, (DIGIT + UPPER + LOWER).charAt((int) (rest % 62)));
        }
        return prefix + "_" + body + checksum;
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
