package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.exchange.Text;
import java.util.List;

/** Requests as wires get them, from text. */
final class WireRequests {
    private WireRequests() {}

    static Wire.Request json(String path, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        try {
            return new Wire.Request(
                    "POST", path, bytes, "application/json", "application/json", JsonReader.readObject(bytes));
        } catch (JsonRefused refused) {
            throw new IllegalArgumentException(refused);
        }
    }

    static Wire.Request plain(String path, String contentType, byte[] body) {
        int semicolon = contentType.indexOf(';');
        String mediaType = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return new Wire.Request("POST", path, body, mediaType, contentType, null);
    }

    /** The texts as {@code PLACE path new|old value}. */
    static List<String> lines(Facts facts) {
        return facts.texts().stream().map(WireRequests::line).toList();
    }

    private static String line(Text text) {
        return text.place() + " " + text.path() + " " + (text.isNew() ? "new" : "old") + " " + text.value();
    }
}
