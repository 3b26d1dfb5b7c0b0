package dev.tollgate.cli;

import dev.tollgate.approval.GrantMint;
import dev.tollgate.approval.GrantScope;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Person;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Standing grants in the terminal. */
@Command(
        name = "grants",
        description = "Lists, makes and revokes standing leave for calls that are held otherwise.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {GrantsCommand.ListGrants.class, GrantsCommand.Create.class, GrantsCommand.Revoke.class})
final class GrantsCommand implements Runnable {
    private static final int MAX_LISTED = 200;
    private static final long MAX_MINUTES = Duration.ofDays(30).toMinutes();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** Lists them. */
    @Command(name = "list", description = "Lists standing grants, newest first.", mixinStandardHelpOptions = true)
    static final class ListGrants extends StoreCommand {
        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            out.printf(
                    "%-14s %-8s %-16s %-16s %-14s %-22s %-21s %s%n",
                    "GRANT", "STATE", "AGENT", "RULE", "TOOL", "SPENT", "ENDS", "BY");
            Instant now = Instant.now();
            for (StandingGrant grant : LocalStores.await(stores.grants().list(MAX_LISTED))) {
                String state = grant.isLiveAt(now) ? "live" : grant.use().revokedAt() != null ? "revoked" : "over";
                String spent = grant.use().spent() + (grant.limit() == null ? "" : " of " + grant.limit());
                out.printf(
                        "%-14s %-8s %-16s %-16s %-14s %-22s %-21s %s%n",
                        grant.id(),
                        state,
                        grant.scope().agent(),
                        grant.scope().rule(),
                        grant.scope().tool().isEmpty() ? "-" : grant.scope().tool(),
                        spent,
                        grant.expiresAt().truncatedTo(ChronoUnit.SECONDS),
                        grant.by().name());
            }
            return 0;
        }
    }

    /** Makes one. */
    @Command(
            name = "create",
            description = "Lets calls of an agent pass that a rule holds, for a while.",
            mixinStandardHelpOptions = true)
    static final class Create extends StoreCommand {
        @Option(names = "--agent", required = true, description = "The agent.")
        private String agent = "";

        @Option(names = "--rule", required = true, description = "The rule that holds its calls.")
        private String rule = "";

        @Option(names = "--tool", description = "Calls of this tool, instead of whole calls of the agent.")
        private String tool = "";

        @Option(names = "--session", description = "Only in this session.")
        private String session = "";

        @Option(names = "--command", description = "What may be run, * standing for any characters; may be repeated.")
        private List<String> commands = List.of();

        @Option(names = "--path", description = "A folder or file that may be touched; may be repeated.")
        private List<String> paths = List.of();

        @Option(names = "--minutes", required = true, description = "For how long, up to 43200.")
        private long minutes;

        @Option(names = "--up-to", description = "What the calls may cost together, in dollars.")
        private String dollars = "";

        @Option(names = "--note", description = "Why, in your words.")
        private String note = "";

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            if (minutes < 1 || minutes > MAX_MINUTES) {
                throw new IllegalArgumentException("--minutes must be from 1 to " + MAX_MINUTES);
            }
            GrantScope scope = new GrantScope(agent, "", "", session, rule, "", tool, commands, paths);
            StandingGrant grant = new GrantMint(new SecureRandom(), InstantSource.system())
                    .mint(
                            Person.admin(LocalStores.ACTOR),
                            scope,
                            dollars.isEmpty() ? null : NanoUsd.ofDollars(dollars),
                            Duration.ofMinutes(minutes),
                            "",
                            note);
            stores.recorded(
                    "grant_created",
                    grant.id(),
                    grant.facts(),
                    () -> LocalStores.await(stores.grants().add(grant).map(grant)));
            out.println(
                    grant.id() + " lets calls pass until " + grant.expiresAt().truncatedTo(ChronoUnit.SECONDS));
            return 0;
        }
    }

    /** Ends one. */
    @Command(name = "revoke", description = "Ends a standing grant.", mixinStandardHelpOptions = true)
    static final class Revoke extends StoreCommand {
        @Parameters(paramLabel = "GRANT", description = "The grant, as grants list shows it.")
        private String id = "";

        @Override
        int run(LocalStores stores, PrintWriter out) throws IOException {
            StandingGrant grant = LocalStores.await(stores.grants().find(id))
                    .orElseThrow(() -> new IOException("there is no grant " + id));
            stores.recorded(
                    "grant_revoked",
                    id,
                    Map.of("agent", grant.scope().agent(), "rule", grant.scope().rule()),
                    () -> LocalStores.await(stores.grants().revoke(id, LocalStores.ACTOR, Instant.now())));
            out.println(id + " is revoked");
            return 0;
        }
    }
}
