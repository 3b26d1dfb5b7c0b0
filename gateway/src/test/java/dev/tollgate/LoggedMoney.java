package dev.tollgate;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Charges;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.ExchangeId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the records of gateways add up to, by counter; without counters in which nothing was spent. */
public final class LoggedMoney {
    private LoggedMoney() {}

    public static Map<String, Long> of(List<GatewayFixture> nodes) {
        Map<String, Long> logged = new TreeMap<>();
        for (GatewayFixture gateway : nodes) {
            Map<ExchangeId, Ended> ends =
                    gateway.records(Ended.class).stream().collect(Collectors.toMap(Ended::exchange, ended -> ended));
            for (Received received : gateway.records(Received.class)) {
                Reservation held = received.reservation();
                if (held != null) {
                    Charges.of(received.verdicts(), held, ends.get(received.exchange()))
                            .ifPresent(spend -> held.counters()
                                    .forEach(counter ->
                                            logged.merge(counter, held.chargeTo(counter, spend), Long::sum)));
                }
            }
        }
        logged.values().removeIf(spent -> spent == 0);
        return logged;
    }
}
