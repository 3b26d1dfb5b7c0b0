package dev.tollgate.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads paths below a provider: what they end in, and the model that some of them name. */
final class PathModel {
    /** Path parts behind which a model's name follows: Azure, Bedrock, Gemini and Vertex, Cloudflare. */
    private static final List<String> BEFORE_MODEL =
            List.of("deployments/", "model/", "models/", "tunedModels/", "run/");

    private PathModel() {}

    /** The path with percent-encoding undone and without slashes at its ends, so that no spelling of it goes unrecognised. */
    static String plain(String path) {
        String decoded = path.indexOf('%') < 0 ? path : decode(path);
        int start = 0;
        int end = decoded.length();
        while (start < end && decoded.charAt(start) == '/') {
            start++;
        }
        while (end > start && decoded.charAt(end - 1) == '/') {
            end--;
        }
        return decoded.substring(start, end);
    }

    /** Whether a plain path is this one, or ends in it behind a slash ({@code deployments/x/chat/completions}). */
    static boolean endsIn(String plain, String ending) {
        return plain.endsWith(ending)
                && (plain.length() == ending.length() || plain.charAt(plain.length() - ending.length() - 1) == '/');
    }

    /** What follows the last colon of the last part ({@code generateContent}); empty if there is none. */
    static String verb(String plain) {
        int colon = plain.lastIndexOf(':');
        return colon < 0 || plain.indexOf('/', colon) >= 0 ? "" : plain.substring(colon + 1);
    }

    /** The model that a plain path names, or null. */
    static @Nullable String model(String plain) {
        for (String before : BEFORE_MODEL) {
            int at = plain.startsWith(before) ? 0 : plain.indexOf("/" + before) + 1;
            if (at == 0 && !plain.startsWith(before)) {
                continue;
            }
            String rest = plain.substring(at + before.length());
            boolean whole = before.equals("run/");
            int slash = rest.indexOf('/');
            String part = whole || slash < 0 ? rest : rest.substring(0, slash);
            String verb = verb(part);
            boolean isVerb = !verb.isEmpty() && verb.chars().allMatch(Character::isLetter);
            String name = isVerb ? part.substring(0, part.length() - verb.length() - 1) : part;
            return name.isEmpty() ? null : name;
        }
        return null;
    }

    private static String decode(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
            if (low >= 0) {
                decoded[length++] = (byte) (high * 16 + low);
                i += 2;
            } else {
                decoded[length++] = bytes[i];
            }
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }
}
