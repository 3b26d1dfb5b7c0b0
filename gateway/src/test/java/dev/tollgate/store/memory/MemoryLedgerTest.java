package dev.tollgate.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.budget.Ledger;
import dev.tollgate.store.LedgerContract;
import java.time.Instant;

class MemoryLedgerTest extends LedgerContract {
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");

    @Override
    protected Ledger ledger() {
        return new MemoryLedger(() -> now);
    }

    @Override
    protected Ledger emptied() {
        return ledger();
    }

    @Override
    protected void letShortLeasesRunOut() {
        now = now.plusSeconds(1);
    }

    @Override
    protected Ledger restarted(Ledger before) {
        return ledger();
    }

    @Override
    protected void checkConsistency(Ledger ledger) {
        assertThat(((MemoryLedger) ledger).inconsistency()).isNull();
    }
}
