package dev.tollgate.cli;

import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is done with the keys of agents. */
@Command(
        name = "keys",
        description = "Makes, lists, rotates and revokes the keys of agents.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            KeysCommand.Create.class,
            KeysCommand.ListAll.class,
            KeyRotateCommand.class,
            KeysCommand.Revoke.class
        })
final class KeysCommand implements Runnable {
    private static final int MAX_LISTED = 1000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** Makes a key and shows it once. */
    @Command(
            name = "create",
            description = "Makes a key and shows it, this once: only its hash is kept.",
            mixinStandardHelpOptions = true)
    static final class Create extends StoreCommand {
        @Option(names = "--agent", required = true, description = "The agent that the key belongs to.")
        private String agent = "";

        @Option(names = "--team", required = true, description = "The team that pays.")
        private String team = "";

        @Option(
                names = "--model",
                description =
                        "A model it may use: an alias, or provider/model; * at the end stands for any rest. May be repeated.")
        private Set<String> models = new HashSet<>();

        @Option(names = "--provider", description = "A provider it may use. May be repeated.")
        private Set<String> providers = new HashSet<>();

        @Option(names = "--expires-in", paramLabel = "DAYS", description = "Days after which it ends by itself.")
        private @Nullable Integer days;

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            Instant expires = days == null ? null : Instant.now().plus(Duration.ofDays(days));
            KeyMint.Minted minted = new KeyMint(new SecureRandom(), InstantSource.system())
                    .mint(new AgentId(agent), new TeamId(team), new Scopes(models, providers), expires);
            Map<String, String> details = Map.of(
                    "agent",
                    agent,
                    "team",
                    team,
                    "models",
                    String.join(" ", models),
                    "providers",
                    String.join(" ", providers),
                    "expires_at",
                    expires == null ? "" : expires.toString());
            KeyId id = stores.recorded("key_created", minted.key().id().value(), details, () -> {
                LocalStores.await(stores.keys().add(minted.key()));
                return minted.key().id();
            });
            out.println(minted.secret().value());
            out.println("id " + id + ", shown this once");
            return 0;
        }
    }

    /** Lists keys, never their secrets. */
    @Command(name = "list", description = "Lists keys, newest first.", mixinStandardHelpOptions = true)
    static final class ListAll extends StoreCommand {
        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            out.printf("%-20s %-20s %-20s %-24s %s%n", "ID", "AGENT", "TEAM", "CREATED", "STATE");
            for (Key key : LocalStores.await(stores.keys().list(MAX_LISTED))) {
                String state = key.revokedAt() != null
                        ? "revoked " + key.revokedAt()
                        : key.isUsableAt(Instant.now()) ? "usable" : "expired " + key.expiresAt();
                out.printf(
                        "%-20s %-20s %-20s %-24s %s%n",
                        key.id(),
                        key.agent(),
                        key.team(),
                        key.createdAt().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                        state);
            }
            return 0;
        }
    }

    /** Revokes a key. */
    @Command(
            name = "revoke",
            description = "Revokes a key: its next call is refused, on a running gateway too.",
            mixinStandardHelpOptions = true)
    static final class Revoke extends StoreCommand {
        @Parameters(paramLabel = "ID", description = "The key's id, as keys list shows it.")
        private String id = "";

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            KeyId key = new KeyId(id);
            stores.recorded("key_revoked", id, Map.of(), () -> {
                if (!LocalStores.await(stores.keys().revoke(key, Instant.now()))) {
                    throw new IOException("there is no key " + id);
                }
                return key;
            });
            out.println(id + " is revoked");
            return 0;
        }
    }
}
