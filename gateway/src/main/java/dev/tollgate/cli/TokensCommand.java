package dev.tollgate.cli;

import dev.tollgate.identity.AccessToken;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.value.Person;
import dev.tollgate.value.Person.Duty;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is done with the tokens of the console's API. */
@Command(
        name = "tokens",
        description = "Makes, lists and revokes the tokens of the console's API.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TokensCommand.Create.class, TokensCommand.ListAll.class, TokensCommand.Revoke.class})
final class TokensCommand implements Runnable {
    private static final int MAX_LISTED = 1000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    private static String words(List<Duty> duties) {
        return duties.stream().map(duty -> duty.role() + " of " + duty.team()).collect(Collectors.joining(", "));
    }

    /** Makes a token and shows it once. */
    @Command(
            name = "create",
            description = "Makes a token and shows it, this once: only its hash is kept.",
            mixinStandardHelpOptions = true)
    static final class Create extends StoreCommand {
        @Option(names = "--name", required = true, description = "Who uses it; stands in the log.")
        private String name = "";

        @Option(
                names = "--role",
                required = true,
                paramLabel = "ROLE[:TEAM]",
                description = "What it may do: viewer, approver or admin; for one team, or for all. May be repeated.")
        private List<String> roles = new ArrayList<>();

        @Option(
                names = "--expires-in",
                paramLabel = "DAYS",
                defaultValue = "90",
                description = "Days after which it ends by itself; 0 for never. Default: ${DEFAULT-VALUE}.")
        private int days;

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            List<Duty> duties = roles.stream().map(Create::duty).toList();
            @Nullable Instant end = days == 0 ? null : Instant.now().plus(Duration.ofDays(days));
            AccessTokenMint.Minted minted = new AccessTokenMint(new SecureRandom(), InstantSource.system())
                    .mint(name, duties, LocalStores.ACTOR, end);
            Map<String, String> details =
                    Map.of("name", name, "roles", words(duties), "expires_at", end == null ? "" : end.toString());
            stores.recorded("token_created", minted.token().id(), details, () -> {
                LocalStores.await(stores.tokens().add(minted.token()));
                return minted;
            });
            out.println(minted.secret());
            out.println("id " + minted.token().id() + ", shown this once");
            return 0;
        }

        private static Duty duty(String written) {
            int colon = written.indexOf(':');
            return colon < 0
                    ? new Duty(written, Person.ALL_TEAMS)
                    : new Duty(written.substring(0, colon), written.substring(colon + 1));
        }
    }

    /** Lists tokens, never their secrets. */
    @Command(name = "list", description = "Lists tokens, newest first.", mixinStandardHelpOptions = true)
    static final class ListAll extends StoreCommand {
        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            Instant now = Instant.now();
            out.printf("%-18s %-20s %-32s %-24s %s%n", "ID", "NAME", "MAY", "CREATED", "STATE");
            for (AccessToken token : LocalStores.await(stores.tokens().list(MAX_LISTED))) {
                String state = token.revokedAt() != null
                        ? "revoked " + token.revokedAt()
                        : token.isUsableAt(now) ? "usable" : "expired " + token.expiresAt();
                out.printf(
                        "%-18s %-20s %-32s %-24s %s%n",
                        token.id(),
                        token.name(),
                        words(token.duties()),
                        token.createdAt().truncatedTo(ChronoUnit.SECONDS),
                        state);
            }
            return 0;
        }
    }

    /** Revokes a token. */
    @Command(
            name = "revoke",
            description = "Revokes a token: its next call is refused, on a running gateway too.",
            mixinStandardHelpOptions = true)
    static final class Revoke extends StoreCommand {
        @Parameters(paramLabel = "ID", description = "The token's id, as tokens list shows it.")
        private String id = "";

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            stores.recorded("token_revoked", id, Map.of(), () -> {
                if (!LocalStores.await(stores.tokens().revoke(id, Instant.now()))) {
                    throw new IOException("there is no token " + id);
                }
                return id;
            });
            out.println(id + " is revoked");
            return 0;
        }
    }
}
