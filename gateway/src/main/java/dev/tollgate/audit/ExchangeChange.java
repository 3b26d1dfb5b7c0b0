package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Other;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.AuditRecord.Sealed;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stretch of the journal says of one exchange: that it was received, that it ended, or both. An index keeps one row per exchange and
 * writes it once where a stretch holds both.
 *
 * @param exchange id of the exchange
 * @param begun its first record; null where it lies before the stretch
 * @param done its second; null where it lies behind the stretch
 */
public record ExchangeChange(
        String exchange, @Nullable Begun begun, @Nullable Done done) {
    public record Begun(Received record, JournalEntry entry) {}

    public record Done(Ended record, JournalEntry entry) {}

    /**
     * The changes of a stretch, in the order in which its exchanges first appear.
     *
     * @throws IOException if it holds a record that this program does not know
     */
    public static Collection<ExchangeChange> of(List<JournalEntry> stretch) throws IOException {
        Map<String, ExchangeChange> changes = new LinkedHashMap<>();
        for (JournalEntry entry : stretch) {
            switch (entry.record()) {
                case Received received -> {
                    ExchangeChange begun =
                            new ExchangeChange(received.exchange().value(), new Begun(received, entry), null);
                    changes.merge(
                            begun.exchange(),
                            begun,
                            (before, now) -> new ExchangeChange(now.exchange, now.begun, before.done));
                }
                case Ended ended -> {
                    ExchangeChange done = new ExchangeChange(ended.exchange().value(), null, new Done(ended, entry));
                    changes.merge(
                            done.exchange(),
                            done,
                            (before, now) -> new ExchangeChange(now.exchange, before.begun, now.done));
                }
                case Administrative administrative -> {
                    // Belongs to no exchange.
                }
                case Sealed sealed -> {
                    // Belongs to no exchange.
                }
                case Other other -> {
                    // Belongs to none that this version knows.
                }
            }
        }
        return changes.values();
    }
}
