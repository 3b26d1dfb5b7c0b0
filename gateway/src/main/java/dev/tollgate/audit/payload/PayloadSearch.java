package dev.tollgate.audit.payload;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Looks for a text by reading payloads, each piece once. There is no index of words: it would be a second copy of everything, in the clear. */
final class PayloadSearch {
    private static final int AROUND = 60;

    private final PayloadShelf shelf;
    private final PayloadKeys keys;
    private final PayloadReader reader;
    private final Search search;
    private final List<String> wanted;
    private final Set<PieceId> read = new HashSet<>();
    private final Map<String, Search.Hit> hits = new java.util.LinkedHashMap<>();
    private long readBytes;
    private Instant upTo;

    PayloadSearch(PayloadShelf shelf, PayloadKeys keys, Search search) {
        this.shelf = shelf;
        this.keys = keys;
        this.reader = new PayloadReader(shelf, keys);
        this.search = search;
        this.upTo = search.from();
        // As a person writes it, and as it stands in JSON.
        Set<String> spellings = new LinkedHashSet<>();
        spellings.add(search.text().toLowerCase(Locale.ROOT));
        spellings.add(
                new String(JsonStringEncoder.getInstance().quoteAsString(search.text())).toLowerCase(Locale.ROOT));
        this.wanted = List.copyOf(spellings);
    }

    Search.Result run() throws IOException {
        boolean isWhole = true;
        for (LocalDate day : reader.days(search.from(), search.to())) {
            read.clear();
            isWhole = shelf.read(day, drawer -> {
                        OpenedDrawer opened = new OpenedDrawer(shelf, keys, drawer, day);
                        return PayloadReader.rows(
                                drawer, search.subject(), search.from(), search.to(), row -> look(opened, row));
                    })
                    .orElse(true);
            if (!isWhole) {
                break;
            }
        }
        return new Search.Result(List.copyOf(hits.values()), isWhole, isWhole ? search.to() : upTo);
    }

    private boolean look(OpenedDrawer opened, Row row) throws IOException {
        if (hits.size() == search.limit() || readBytes > Search.MAX_READ_BYTES) {
            return false;
        }
        upTo = PayloadReader.whose(row).at();
        List<PieceId> unread = new ArrayList<>();
        for (PieceId piece : opened.pieces(row)) {
            if (read.add(piece)) {
                unread.add(piece);
            }
        }
        for (byte[] piece : opened.open(row.team(), unread).values()) {
            readBytes += piece.length;
            String text = new String(piece, StandardCharsets.UTF_8);
            String lower = text.toLowerCase(Locale.ROOT);
            for (String one : wanted) {
                int at = lower.indexOf(one);
                if (at >= 0) {
                    String around = lower.length() == text.length() ? around(text, at, one.length()) : one;
                    hits.putIfAbsent(row.exchange(), new Search.Hit(row.exchange(), upTo, row.part(), around));
                    break;
                }
            }
        }
        return true;
    }

    private static String around(String text, int at, int length) {
        int from = Math.max(0, at - AROUND);
        int to = Math.min(text.length(), at + length + AROUND);
        return text.substring(from, to);
    }
}
