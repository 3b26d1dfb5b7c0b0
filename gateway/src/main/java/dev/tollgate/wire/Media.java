package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final int SIGNATURE_BYTES = 12;
    /** How files of these types begin, byte by byte. */
    private static final Map<String, String> SIGNATURES = Map.of(
            "\u0089PNG\r\n", "image/png",
            "\u00ff\u00d8\u00ff", "image/jpeg",
            "GIF8", "image/gif",
            "%PDF-", "application/pdf",
            "ID3", "audio/mpeg",
            "\u00ff\u00fb", "audio/mpeg",
            "OggS", "audio/ogg",
            "fLaC", "audio/flac",
            "\u001aE\u00df\u00a3", "video/webm");

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
        return told == null ? typeOfBase64(value) : told;
    }

    /** The medium that bytes are by their first few, or {@link #UNKNOWN}: clients often leave the type out. */
    static String typeOf(byte[] content) {
        String start = new String(content, 0, Math.min(content.length, SIGNATURE_BYTES), StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> signature : SIGNATURES.entrySet()) {
            if (start.startsWith(signature.getKey())) {
                return signature.getValue();
            }
        }
        if (start.startsWith("RIFF") && start.length() == SIGNATURE_BYTES) {
            return start.endsWith("WEBP") ? "image/webp" : start.endsWith("WAVE") ? "audio/wav" : "video/avi";
        }
        return start.startsWith("ftyp", 4) ? "video/mp4" : UNKNOWN;
    }

    private static String typeOfBase64(String value) {
        try {
            String head = value.substring(0, MIN_BASE64 / 4).replace('-', '+').replace('_', '/');
            return typeOf(Base64.getDecoder().decode(head));
        } catch (IllegalArgumentException notBase64) {
            return UNKNOWN;
        }
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
        return readable || !isBase64(url, comma + 1) || decodesToText(url, comma + 1) ? null : printable(type);
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

    // Text that merely calls itself an image would get past the scan.
    private static boolean decodesToText(String text, int from) {
        String head = text.substring(from, Math.min(text.length(), from + SNIFFED_CHARACTERS));
        byte[] decoded;
        try {
            decoded = Base64.getMimeDecoder().decode(head.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException notBase64) {
            return true;
        }
        String start = new String(decoded, StandardCharsets.ISO_8859_1);
        return !start.startsWith("%PDF-") && start.chars().allMatch(Ascii::isText);
    }
}
