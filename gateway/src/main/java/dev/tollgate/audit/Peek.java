package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the one or two members that stand first in every record, without the rest: for passes over millions. */
final class Peek {
    private static final byte[] EXCHANGE = ",\"exchange\":\"".getBytes(US_ASCII);
    private static final byte[] AT = ",\"at\":\"".getBytes(US_ASCII);

    private Peek() {}

    /** The exchange of a record; null where it names none. */
    static @Nullable String exchange(JournalEntry entry) {
        return text(entry.json(), entry.bodyStart(), EXCHANGE);
    }

    /** When it happened; null where it does not say so in the usual place. */
    static @Nullable Instant at(JournalEntry entry) {
        int start = entry.bodyStart();
        String exchange = exchange(entry);
        int skipped = exchange == null ? 0 : EXCHANGE.length + exchange.length() + 1;
        String at = text(entry.json(), start + skipped, AT);
        try {
            return at == null ? null : Moments.parse(at);
        } catch (DateTimeException malformed) {
            return null;
        }
    }

    private static @Nullable String text(byte[] json, int start, byte[] member) {
        if (json.length - start < member.length) {
            return null;
        }
        for (int i = 0; i < member.length; i++) {
            if (json[start + i] != member[i]) {
                return null;
            }
        }
        int from = start + member.length;
        int to = from;
        while (to < json.length && json[to] != '"') {
            to++;
        }
        return new String(json, from, to - from, US_ASCII);
    }
}
