package dev.tollgate.store.memory;

import dev.tollgate.approval.TicketStore;
import dev.tollgate.store.TicketStoreContract;

final class MemoryTicketStoreTest extends TicketStoreContract {
    private final MemoryTicketStore store = new MemoryTicketStore();

    @Override
    public TicketStore store() {
        return store;
    }
}
