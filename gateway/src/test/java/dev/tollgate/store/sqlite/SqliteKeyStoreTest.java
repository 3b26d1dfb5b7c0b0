package dev.tollgate.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyDirectory;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.store.KeyStoreContract;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.TeamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteKeyStoreTest extends KeyStoreContract {
    @TempDir
    private Path folder;

    private SqliteDatabase database;
    private SqliteKeyStore store;

    @BeforeEach
    void open() throws IOException {
        database = SqliteDatabase.open(folder, List.of(SqliteKeyStore.SCHEMA));
        store = SqliteKeyStore.open(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected KeyStore store() {
        return store;
    }

    @Test
    void revoke_inAnotherProcess_isSeenAtTheNextCall() throws Exception {
        KeyMint.Minted minted = new KeyMint(new SecureRandom(), InstantSource.fixed(NOW))
                .mint(new AgentId("coder"), new TeamId("core"), Scopes.ALL, null);
        await(store.add(minted.key()));
        KeyDirectory directory = new KeyDirectory(store, () -> 0);
        assertThat(await(directory.find(minted.secret(), Duration.ZERO))).contains(minted.key());
        assertThat(directory.find(minted.secret(), Duration.ZERO).isComplete()).isTrue();

        try (SqliteDatabase other = SqliteDatabase.open(folder, List.of(SqliteKeyStore.SCHEMA))) {
            assertThat(await(SqliteKeyStore.open(other).revoke(minted.key().id(), NOW)))
                    .isTrue();
        }

        assertThat(await(directory.find(minted.secret(), Duration.ZERO))
                        .orElseThrow()
                        .revokedAt())
                .isEqualTo(NOW);
    }

    @Test
    void add_scopeThatWouldWidenInStorage_fails() {
        for (String name : List.of("", " ", "a\nb")) {
            Key key = key(NOW, null, new Scopes(Set.of(name), Set.of()));

            assertThatThrownBy(() -> await(store.add(key))).hasMessageContaining("scope");
        }
    }

    @Test
    void revisionFile_always_isTheOwnersOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys.revision"))))
                .isEqualTo("rw-------");
    }
}
