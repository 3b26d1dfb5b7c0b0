package dev.tollgate.store.memory;

import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.store.AccessTokenStoreContract;

final class MemoryAccessTokenStoreTest extends AccessTokenStoreContract {
    private final MemoryAccessTokenStore store = new MemoryAccessTokenStore();

    @Override
    protected AccessTokenStore store() {
        return store;
    }
}
