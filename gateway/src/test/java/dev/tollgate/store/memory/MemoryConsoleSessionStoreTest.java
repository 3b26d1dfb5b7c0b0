package dev.tollgate.store.memory;

import dev.tollgate.identity.ConsoleSessionStore;
import dev.tollgate.store.ConsoleSessionStoreContract;

final class MemoryConsoleSessionStoreTest extends ConsoleSessionStoreContract {
    private final MemoryConsoleSessionStore store = new MemoryConsoleSessionStore();

    @Override
    protected ConsoleSessionStore store() {
        return store;
    }
}
