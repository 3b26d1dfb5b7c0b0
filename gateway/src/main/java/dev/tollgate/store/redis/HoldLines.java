package dev.tollgate.store.redis;

import dev.tollgate.budget.CounterPeriod;
import dev.tollgate.budget.Ledger.LiveHold;
import dev.tollgate.budget.Ledger.OpenHold;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.Unit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds as the scripts write them: a line per counter, of its amount and its key. */
final class HoldLines {
    private final String prefix;

    /** @param prefix what the keys of counters in Redis begin with */
    HoldLines(String prefix) {
        this.prefix = prefix;
    }

    /** A moment in milliseconds as the scripts take it: 0 for never. */
    static String millis(Instant end) {
        return end.equals(Instant.MAX) ? "0" : Long.toString(Math.max(1, end.toEpochMilli()));
    }

    /** A line per counter, of amount, end and key. */
    String write(Reservation held) {
        StringBuilder lines = new StringBuilder();
        for (String counter : held.counters()) {
            lines.append(held.heldIn(counter))
                    .append(' ')
                    .append(millis(CounterPeriod.endOf(counter)))
                    .append(' ')
                    .append(prefix)
                    .append(counter)
                    .append('\n');
        }
        return lines.toString();
    }

    /**
     * @param fields exchange, since, lease until, lines
     */
    LiveHold read(List<Object> fields) {
        long nanos = 0;
        long tokens = 0;
        long requests = 0;
        List<String> counters = new ArrayList<>();
        Map<String, Long> held = new HashMap<>();
        for (String line : String.valueOf(fields.get(3)).lines().toList()) {
            int space = line.indexOf(' ');
            long amount = Long.parseLong(line.substring(0, space));
            String counter = line.substring(space + 1 + prefix.length());
            counters.add(counter);
            held.put(counter, amount);
            switch (Unit.ofCounter(counter)) {
                case USD -> nanos = Math.max(nanos, amount);
                case TOKENS -> tokens = Math.max(tokens, amount);
                case REQUESTS -> requests = Math.max(requests, amount);
            }
        }
        Amounts most = new Amounts(nanos, tokens, requests);
        held.entrySet().removeIf(one -> one.getValue() == most.in(Unit.ofCounter(one.getKey())));
        return new LiveHold(
                new ExchangeId(String.valueOf(fields.get(0))),
                moment(fields.get(1)),
                Reservation.bare(most, counters, moment(fields.get(2))).apart(held));
    }

    OpenHold readOpen(List<Object> fields) {
        LiveHold hold = read(fields);
        return new OpenHold(hold.exchange(), hold.held());
    }

    private static Instant moment(Object millis) {
        return Instant.ofEpochMilli(Long.parseLong(String.valueOf(millis)));
    }
}
