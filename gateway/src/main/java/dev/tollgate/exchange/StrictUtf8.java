package dev.tollgate.exchange;

import dev.tollgate.exchange.JsonReader.JsonRefused;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Tells whether bytes are well-formed UTF-8 (RFC 3629): no overlong forms, no encoded surrogates, nothing cut off. */
public final class StrictUtf8 {
    private StrictUtf8() {}

    static void require(byte[] document) throws JsonRefused {
        if (document.length >= 3
                && document[0] == (byte) 0xEF
                && document[1] == (byte) 0xBB
                && document[2] == (byte) 0xBF) {
            throw new JsonRefused("not acceptable JSON: it starts with a byte order mark");
        }
        if (!isWellFormed(document)) {
            throw new JsonRefused("not acceptable JSON: it is not well-formed UTF-8");
        }
    }

    public static boolean isWellFormed(byte[] bytes) {
        if (isAscii(bytes)) {
            return true;
        }
        try {
            var unused = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
