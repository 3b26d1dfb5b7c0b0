package dev.tollgate.store.memory;

import dev.tollgate.identity.KeyStore;
import dev.tollgate.store.KeyStoreContract;

final class MemoryKeyStoreTest extends KeyStoreContract {
    private final MemoryKeyStore store = new MemoryKeyStore(true);

    @Override
    protected KeyStore store() {
        return store;
    }
}
