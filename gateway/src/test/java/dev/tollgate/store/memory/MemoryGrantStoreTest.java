package dev.tollgate.store.memory;

import dev.tollgate.approval.GrantStore;
import dev.tollgate.store.GrantStoreContract;

final class MemoryGrantStoreTest extends GrantStoreContract {
    private final MemoryGrantStore store = new MemoryGrantStore();

    @Override
    protected GrantStore store() {
        return store;
    }
}
