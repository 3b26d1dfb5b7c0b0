package dev.tollgate;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.TeamId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The key that the first start of a node makes and shows, so that there is something to call with. */
final class FirstKey {
    private static final String DEFAULT = "default";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private FirstKey() {}

    /** Makes it, unless the node was started before or there are keys already. Blocks. */
    static Optional<KeyMint.Minted> make(DataFolder folder, Stores stores, KeyMint mint, InstantSource clock)
            throws IOException {
        if (!folder.isNew() || !Blocking.await(stores.keys().list(1), PATIENCE).isEmpty()) {
            return Optional.empty();
        }
        KeyMint.Minted minted = mint.mint(new AgentId(DEFAULT), new TeamId(DEFAULT), Scopes.ALL, null);
        Administrative record = new Administrative(
                clock.instant(),
                "key_created",
                "gateway",
                minted.key().id().value(),
                Map.of("agent", DEFAULT, "team", DEFAULT));
        Blocking.await(
                stores.log().append(record).compose(recorded -> stores.keys().add(minted.key())), PATIENCE);
        return Optional.of(minted);
    }
}
