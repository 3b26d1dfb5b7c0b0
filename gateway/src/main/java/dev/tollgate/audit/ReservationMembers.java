package dev.tollgate.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.Unit;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Members of a {@link Reservation} as they are read, one after the other. Those that older records lack mean money only. */
final class ReservationMembers {
    private long nanos;
    private long tokens;
    private long requests;
    private List<String> counters = List.of();
    private Map<String, Set<String>> bound = Map.of();
    private Instant leaseUntil = Instant.EPOCH;
    private String tightest = "";
    private Unit unit = Unit.USD;
    private long leftNanos = Reservation.UNLIMITED;
    private long leftTokens = Reservation.UNLIMITED;
    private long leftRequests = Reservation.UNLIMITED;

    Reservation read(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            take(name, parser);
        }
        return new Reservation(
                new Amounts(nanos, tokens, requests),
                counters,
                bound,
                leaseUntil,
                tightest,
                unit,
                new Amounts(leftNanos, leftTokens, leftRequests));
    }

    private void take(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "amount_nanos" -> nanos = parser.getLongValue();
            case "tokens" -> tokens = parser.getLongValue();
            case "requests" -> requests = parser.getLongValue();
            case "counters" -> counters = RecordReader.strings(parser);
            case "bound" -> bound = bound(parser);
            case "lease_until" -> leaseUntil = Moments.parse(parser.getText());
            case "tightest" -> tightest = parser.getText();
            case "unit" -> unit = Unit.valueOf(parser.getText().toUpperCase(Locale.ROOT));
            case "remaining_nanos" -> leftNanos = parser.getLongValue();
            case "remaining_tokens" -> leftTokens = parser.getLongValue();
            case "remaining_requests" -> leftRequests = parser.getLongValue();
            default -> parser.skipChildren();
        }
    }

    private static Map<String, Set<String>> bound(JsonParser parser) throws IOException {
        Map<String, Set<String>> bound = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String counter = parser.currentName();
            parser.nextToken();
            bound.put(counter, Set.copyOf(RecordReader.strings(parser)));
        }
        return bound;
    }
}
