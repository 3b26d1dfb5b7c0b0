package dev.tollgate.cli;

import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.value.KeyId;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the successor of a key, and lets both work for a while. */
@Command(
        name = "rotate",
        description = {
            "Makes a key with the agent, team, scopes and length of life of another one and shows it, this once.",
            "The other one ends by itself after the overlap."
        },
        mixinStandardHelpOptions = true)
final class KeyRotateCommand extends StoreCommand {
    @Parameters(paramLabel = "ID", description = "The key's id, as keys list shows it.")
    private String id = "";

    @Option(
            names = "--overlap",
            paramLabel = "MINUTES",
            defaultValue = "1440",
            description = "Minutes for which both work. Default: ${DEFAULT-VALUE}.")
    private int overlap;

    @Override
    int run(LocalStores stores, PrintWriter out) throws IOException {
        if (overlap < 0) {
            throw new IllegalArgumentException("--overlap is " + overlap + ", the least is 0");
        }
        Instant now = Instant.now();
        Key old = LocalStores.await(stores.keys().find(new KeyId(id)))
                .filter(key -> key.isUsableAt(now))
                .orElseThrow(() -> new IOException("there is no key " + id + " that still works"));
        Instant oldEnd = old.expiresAt();
        @Nullable Instant end = oldEnd == null ? null : now.plus(Duration.between(old.createdAt(), oldEnd));
        KeyMint.Minted minted = new KeyMint(new SecureRandom(), InstantSource.system())
                .mint(old.agent(), old.team(), old.scopes(), end);
        Instant oldEnds = now.plus(Duration.ofMinutes(overlap));
        Map<String, String> details = Map.of(
                "agent",
                old.agent().value(),
                "replaced_by",
                minted.key().id().value(),
                "overlap",
                Duration.ofMinutes(overlap).toString());
        // The new one first: an agent must never be left with none.
        stores.recorded("key_rotated", id, details, () -> {
            LocalStores.await(stores.keys().add(minted.key()));
            return LocalStores.await(stores.keys().endBy(old.id(), oldEnds));
        });
        out.println(minted.secret().value());
        out.println("id " + minted.key().id() + ", shown this once; " + id + " ends at " + oldEnds);
        return 0;
    }
}
