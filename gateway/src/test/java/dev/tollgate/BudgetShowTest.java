package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.cli.TollgateCommand;
import dev.tollgate.store.redis.RedisProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code tollgate budget show} says of a gateway that runs, and of counters in Redis without one. */
class BudgetShowTest {
    private static final String POLICY = """
            budget:
              budgets:
                - {id: calls, scope: agent, limit: 5, unit: requests, period: week}
                - {id: words, scope: [team, model], limit: 100_000, unit: tokens, rolling: 24h, mode: observe}
                - {id: unused, match: {team: nobody}, scope: all, limit: 7}
            """;

    @TempDir
    private Path folder;

    @Test
    void budgetShow_asksTheGatewayThatRuns() throws Exception {
        Path data = folder.resolve("data");
        Path policies = policies();
        try (GatewayProcess gateway = GatewayProcess.startWith(policies, data)) {
            assertThat(gateway.chat("sandbox/sandbox-small").statusCode()).isEqualTo(200);

            String shown = run(policies, data, 0, "--explain", "--url", gateway.consoleUrl());

            assertShown(shown);
        }
    }

    @Test
    void budgetShow_readsRedis_withoutAGateway() throws Exception {
        Path data = folder.resolve("data");
        Path policies = policies();
        try (RedisProcess redis = new RedisProcess()) {
            String store = "store.redis=" + redis.uri();
            try (GatewayProcess gateway = GatewayProcess.startWith(policies, data, store)) {
                assertThat(gateway.chat("sandbox/sandbox-small").statusCode()).isEqualTo(200);
            }

            assertShown(run(policies, data, 0, "--explain", "--set", store));
        }
    }

    @Test
    void budgetShow_saysSo_whereNothingAnswers() throws Exception {
        Files.createDirectories(folder.resolve("data"));

        assertThat(run(policies(), folder.resolve("data"), 1)).contains("there is no admin token in");
    }

    private static void assertShown(String shown) {
        assertThat(shown.lines().map(line -> line.replaceAll(" +", " ")))
                .anySatisfy(line -> assertThat(line).startsWith("BUDGET WHOSE SPENT HELD FREE LIMIT STARTS ANEW"))
                .anySatisfy(line -> assertThat(line)
                        .matches("calls agent default 1 request 0 requests 4 requests 5 requests .*T00:00:00Z"))
                .anySatisfy(line -> assertThat(line)
                        .matches("words \\(observed\\) team default, model sandbox-small [0-9]+ tokens 0 tokens"
                                + " [0-9]+ tokens 100000 tokens never"))
                .anySatisfy(line -> assertThat(line).startsWith("unused nobody yet $0 $0 $7 $7"));
    }

    private Path policies() throws Exception {
        Path policies = Files.createDirectories(folder.resolve("policies"));
        Files.writeString(policies.resolve("policy.yaml"), POLICY);
        return policies;
    }

    private static String run(Path policies, Path data, int code, String... more) {
        List<String> arguments = new ArrayList<>(List.of("budget", "show", "--policies", policies.toString()));
        arguments.addAll(List.of("--set", "server.data_folder=" + data));
        arguments.addAll(List.of(more));
        StringWriter said = new StringWriter();
        CommandLine command = TollgateCommand.commandLine(new Serving(), InstantSource.system())
                // Buffered, as standard output is: what is not flushed is not seen.
                .setOut(new PrintWriter(new java.io.BufferedWriter(said), true))
                .setErr(new PrintWriter(said, true));

        int ended = command.execute(arguments.toArray(String[]::new));

        assertThat(ended).as(said.toString()).isEqualTo(code);
        return said.toString();
    }
}
