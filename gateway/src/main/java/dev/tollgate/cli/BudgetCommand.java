package dev.tollgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Ledger.Contents;
import dev.tollgate.budget.Standing;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.ListenPolicy;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.StorePolicy;
import dev.tollgate.store.file.AdminTokenFile;
import dev.tollgate.store.redis.RedisStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where budgets stand. */
@Command(
        name = "budget",
        description = "Shows where budgets stand.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = BudgetCommand.Show.class)
final class BudgetCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** Lists every budget with its counters. */
    @Command(
            name = "show",
            description = {
                "Lists every budget with its counters: spent, held, free, and when it starts anew.",
                "Counters in Redis are read there; others are asked of the gateway that runs here, through its console."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:shown", "1:neither Redis nor a gateway answers", "2:wrong arguments"})
    static final class Show implements Callable<Integer> {
        private static final int MAX_COUNTERS = 10_000;
        private static final Duration PATIENCE = Duration.ofSeconds(15);

        @Mixin
        private PolicyOptions policies = new PolicyOptions();

        @Option(
                names = "--explain",
                description = "Lists every live reservation as well, with its age and its exchange.")
        private boolean explain;

        @Option(
                names = "--url",
                paramLabel = "URL",
                description = "The console of the gateway to ask. Without it the policy's server.console is asked.")
        private @Nullable URI url;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        /** What was found. */
        private record Found(List<BudgetLine> lines, boolean isWhole) {}

        @Override
        public Integer call() throws PolicyException {
            Bundle bundle = policies.loader().load().bundle();
            PrintWriter out = Terminal.guarded(spec.commandLine().getOut());
            try {
                Found found = bundle.store().redis() == null || url != null ? fromGateway(bundle) : fromRedis(bundle);
                print(found, out);
                return 0;
            } catch (IOException | IllegalArgumentException failure) {
                spec.commandLine().getErr().println(failure.getMessage());
                return 1;
            }
        }

        private void print(Found found, PrintWriter out) {
            if (found.lines().isEmpty()) {
                out.println("the policy has no budgets");
                return;
            }
            out.print(BudgetLine.heading());
            for (BudgetLine line : found.lines()) {
                out.print(line.text());
                if (explain) {
                    line.holds().forEach(hold -> out.println("    " + hold));
                }
            }
            if (!found.isWhole()) {
                out.println("there are more counters than the " + MAX_COUNTERS + " that were looked at");
            }
            // Standard output is flushed at the ends of println only.
            out.flush();
        }

        private static Found fromRedis(Bundle bundle) throws IOException, PolicyException {
            StorePolicy store = bundle.store();
            Budgets budgets = Budgets.compiler().compile(bundle);
            Instant now = Instant.now();
            try (RedisStore redis =
                    RedisStore.open(String.valueOf(store.redis()), store.redisCluster(), store.timeout())) {
                Contents contents = LocalStores.await(redis.contents(RedisStore.INSTALLATION, MAX_COUNTERS));
                return new Found(
                        Standing.of(budgets, contents, now).stream()
                                .map(row -> BudgetLine.of(row, now))
                                .toList(),
                        contents.isWhole());
            }
        }

        private Found fromGateway(Bundle bundle) throws IOException {
            URI console = url == null ? console(bundle.server().console()) : url;
            HttpRequest request = HttpRequest.newBuilder(console.resolve("/api/v1/budgets"))
                    .header("Authorization", "Bearer " + token(bundle.server().dataFolder()))
                    .timeout(PATIENCE)
                    .build();
            try (HttpClient client =
                    HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() != 200) {
                    throw new IOException(console + " answers " + response.statusCode());
                }
                return read(new ObjectMapper().readTree(response.body()));
            } catch (ConnectException refused) {
                throw new IOException("no gateway answers at " + console, refused);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", interrupted);
            }
        }

        private static Found read(JsonNode document) {
            Instant now = Instant.parse(document.path("at").asText());
            List<BudgetLine> lines = new ArrayList<>();
            document.path("budgets").forEach(row -> lines.add(BudgetLine.of(row, now)));
            return new Found(lines, document.path("complete").asBoolean());
        }

        private static URI console(ListenPolicy listen) {
            String host = listen.host().equals("0.0.0.0") ? "127.0.0.1" : listen.host();
            String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
            return URI.create(
                    (listen.certificate() == null ? "http://" : "https://") + bracketed + ":" + listen.port());
        }

        private static String token(Path folder) throws IOException {
            try {
                return Files.readString(folder.resolve(AdminTokenFile.NAME), UTF_8)
                        .strip();
            } catch (NoSuchFileException none) {
                throw new IOException(
                        "there is no admin token in " + folder + ": name the gateway's data folder with"
                                + " --set server.data_folder=DIR",
                        none);
            }
        }
    }
}
