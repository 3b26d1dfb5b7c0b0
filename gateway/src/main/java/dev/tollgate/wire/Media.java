package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells media inside a request, images, sound, film and PDF as base64, from text. Only what is strictly base64, calls itself a medium or
 * stands where one belongs, and does not decode to plain text counts as one: the rest is scanned.
 */
final class Media {
    /** What a medium is called whose type is not told, or told in a way that cannot be repeated in a record. */
    static final String UNKNOWN = "application/octet-stream";

    private static final int MIN_BASE64 = 64;
    private static final int SNIFFED_CHARACTERS = 64;
    private static final Set<String> MEDIA_MEMBERS = Set.of(
            "data",
            "file_data",
            "image",
            "images",
            "image_data",
            "image_url",
            "url",
            "audio",
            "video",
            "bytes",
            "b64_json",
            "bytesBase64Encoded",
            "imageBytes",
            "videoBytes",
            "result",
            "content");
    private static final List<String> TYPE_MEMBERS =
            List.of("media_type", "mime_type", "mimeType", "mediaType", "contentType", "format");

    private Media() {}

    /** Whether a type is that of a medium that nobody can read as text. */
    static boolean isMedium(String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT);
        return (type.startsWith("image/") && !type.startsWith("image/svg"))
                || type.startsWith("audio/")
                || type.startsWith("video/")
                || type.equals("application/pdf");
    }

    /**
     * The type of the medium that a string holds, or null if it is to be read as text.
     *
     * @param member name of the member that holds the string, or of the array that does
     * @param holder the object around it
     */
    static @Nullable String of(String value, String member, Json.@Nullable Obj holder) {
        if (value.startsWith("data:")) {
            return ofDataUrl(value);
        }
        if (value.length() < MIN_BASE64 || !MEDIA_MEMBERS.contains(member)) {
            return null;
        }
        String told = holder == null ? null : toldType(holder);
        if ((told != null && told.startsWith("text/")) || !isBase64(value, 0) || decodesToText(value, 0)) {
            return null;
        }
        String shown = MagicBytes.type(head(value, 0));
        // Nothing says that this is a medium: providers' own blobs (redacted thinking) look like it and are scanned as
        // they are.
        return told == null ? shown : agreed(told, shown);
    }

    /** The type to name for bytes that cannot be read, told by the client and checked against their beginning. */
    static String nameFor(String mediaType, byte[] content) {
        byte[] head = Arrays.copyOf(content, Math.min(content.length, SNIFFED_CHARACTERS));
        return agreed(printable(mediaType), MagicBytes.type(head));
    }

    /** The type as it may stand in a record: of a closed form, else {@link #UNKNOWN}. */
    static String printable(String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT);
        return Structure.isToken(type.replace('+', '-')) ? type : UNKNOWN;
    }

    // RFC 2397: data:[<media type>][;<parameter>]*[;base64],<data>
    private static @Nullable String ofDataUrl(String url) {
        int comma = url.indexOf(',');
        if (comma < 0 || !url.regionMatches(true, comma - ";base64".length(), ";base64", 0, ";base64".length())) {
            return null;
        }
        String head = url.substring("data:".length(), comma);
        String type = head.substring(0, head.indexOf(';')).toLowerCase(Locale.ROOT);
        boolean readable = type.startsWith("text/") || type.isEmpty();
        return readable || !isBase64(url, comma + 1) || decodesToText(url, comma + 1)
                ? null
                : agreed(printable(type), MagicBytes.type(head(url, comma + 1)));
    }

    private static @Nullable String toldType(Json.Obj holder) {
        for (String name : TYPE_MEMBERS) {
            String type = holder.string(name);
            if (type != null) {
                String kind = name.equals("format") && type.indexOf('/') < 0 ? "audio/" : "";
                return printable(kind + type);
            }
        }
        return null;
    }

    private static boolean isBase64(String text, int from) {
        int end = text.length();
        while (end > from && text.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = from; i < end; i++) {
            if (!Ascii.isBase64(text.charAt(i))) {
                return false;
            }
        }
        return end > from;
    }

    // Clients often leave the type out or name a general one. And an archive that calls itself an image is an archive:
    // it can hold
    // anything, and the policy decides on it as such.
    private static String agreed(String told, @Nullable String shown) {
        if (shown == null) {
            return told;
        }
        return isMedium(told) == isMedium(shown) && !told.equals(UNKNOWN) ? told : shown;
    }

    // Text that merely calls itself an image would get past the scan.
    private static boolean decodesToText(String text, int from) {
        String start = new String(head(text, from), StandardCharsets.ISO_8859_1);
        return !start.startsWith("%PDF-") && start.chars().allMatch(Ascii::isText);
    }

    private static byte[] head(String text, int from) {
        String head = text.substring(from, Math.min(text.length(), from + SNIFFED_CHARACTERS));
        try {
            return Base64.getMimeDecoder().decode(head.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }
}
