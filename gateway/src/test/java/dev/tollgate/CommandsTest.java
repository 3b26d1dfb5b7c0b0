package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Commands.Said;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Tickets;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalReader;
import dev.tollgate.audit.Position;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.store.sqlite.SqliteDatabase;
import dev.tollgate.store.sqlite.SqliteTicketStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that work on a node's stores, beside a gateway that runs and after it was killed. */
final class CommandsTest {
    private static final Pattern CREATED = Pattern.compile("(tg_\\S+)\\Rid (\\S+), shown this once\\R");

    @TempDir
    private Path folder;

    private Path data;
    private GatewayProcess gateway;

    @BeforeEach
    void start() throws IOException {
        data = folder.resolve("data");
        gateway = GatewayProcess.start(data);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void keys_rotated_workBoth_untilTheOldOneEnds() throws Exception {
        Matcher shown = CREATED.matcher(
                run("keys", "create", "--agent", "coder", "--team", "core").out());
        assertThat(shown.matches()).isTrue();

        Said rotated = run("keys", "rotate", shown.group(2));
        String successor = rotated.out().lines().findFirst().orElseThrow();
        assertThat(rotated.code()).as(rotated.err()).isZero();
        assertThat(gateway.chat("fast", shown.group(1)).statusCode()).isEqualTo(200);
        assertThat(gateway.chat("fast", successor).statusCode()).isEqualTo(200);

        assertThat(run("keys", "rotate", shown.group(2), "--overlap", "0").code())
                .isZero();
        assertThat(gateway.chat("fast", shown.group(1)).statusCode()).isEqualTo(401);
        assertThat(gateway.chat("fast", successor).statusCode()).isEqualTo(200);
        assertThat(run("keys", "rotate", shown.group(2)).err()).contains("that still works");
    }

    @Test
    void sessions_listedAndWalked_tellEachCall() throws Exception {
        Matcher shown = CREATED.matcher(
                run("keys", "create", "--agent", "walker", "--team", "core").out());
        assertThat(shown.matches()).isTrue();
        assertThat(gateway.chat("fast", shown.group(1)).statusCode()).isEqualTo(200);

        String list = run("sessions", "list", "--agent", "walker").out();
        String session = list.lines().skip(1).findFirst().orElseThrow().replaceAll(".* ", "");
        Said timeline = run("sessions", "show", session);

        assertThat(list).contains("walker", "core");
        assertThat(timeline.out())
                .contains("team core: 1 calls, 0 denied")
                .containsPattern(" 1 +\\+0:00:00 walker .* completed ");
        assertThat(run("sessions", "show", "none").err()).contains("no calls of the session none");
    }

    @Test
    void tokens_areMadeListedAndRevoked() throws Exception {
        Said created = run("tokens", "create", "--name", "ci", "--role", "viewer", "--role", "approver:search");
        assertThat(created.out()).startsWith("tgt_");
        String id = created.out().replaceAll("(?s).*id (tok_\\S+),.*", "$1");

        assertThat(run("tokens", "list").out()).contains(id, "viewer of *, approver of search", "usable");
        assertThat(run("tokens", "revoke", id).code()).isZero();
        assertThat(run("tokens", "list").out()).contains("revoked 20");
        assertThat(run("tokens", "revoke", "tok_none").err()).contains("there is no token tok_none");
        assertThat(run("tokens", "create", "--name", "A B", "--role", "viewer").err())
                .contains("a token's name is");
    }

    @Test
    void keys_areMadeListedAndRevoked_besideARunningGateway_andOnItsLog() throws Exception {
        Said created = run("keys", "create", "--agent", "coder", "--team", "core", "--model", "fast");
        Matcher shown = CREATED.matcher(created.out());
        assertThat(created.code()).isZero();
        assertThat(shown.matches()).isTrue();
        String secret = shown.group(1);
        String id = shown.group(2);
        assertThat(gateway.chat("fast", secret).statusCode()).isEqualTo(200);

        assertThat(run("keys", "list").out())
                .containsPattern(Pattern.quote(id) + " +coder +core .* usable")
                .doesNotContain(secret);
        assertThat(run("keys", "revoke", id)).isEqualTo(new Said(0, id + " is revoked\n", ""));
        assertThat(gateway.chat("fast", secret).statusCode()).isEqualTo(401);
        assertThat(run("keys", "list").out()).containsPattern(Pattern.quote(id) + " +coder +core .* revoked 20");

        assertThat(run("keys", "revoke", "k_none")).isEqualTo(new Said(1, "", "there is no key k_none\n"));
        List<Administrative> done = recordedByCommands(4);
        assertThat(done)
                .extracting(Administrative::action)
                .containsExactly("key_created", "key_revoked", "key_revoked", "key_revoked_failed");
        assertThat(done).extracting(Administrative::subject).containsExactly(id, id, "k_none", "k_none");
        assertThat(done.get(0).actor()).startsWith("cli:");
        assertThat(done.get(0).details()).containsEntry("agent", "coder").containsEntry("models", "fast");
        assertThat(done.toString()).doesNotContain(secret);
    }

    @Test
    void keys_changedWhileItIsStopped_areOnTheLogAfterTheNextStart() throws Exception {
        gateway.kill();
        Said created = run("keys", "create", "--agent", "coder", "--team", "core", "--expires-in", "30");
        assertThat(created.code()).isZero();
        assertThat(run("keys", "list").out()).contains("coder");
        assertThat(recordedByCommands(0)).isEmpty();

        Stores stores = StoreOpening.open(
                new PolicyLoader(null, List.of(), Environment.SYSTEM).load().bundle(), data, InstantSource.system());

        assertThat(recordedByCommands(1)).extracting(Administrative::action).containsExactly("key_created");
        stores.close();
    }

    @Test
    void tickets_areListedAndDecided_andOnTheLog() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(data, List.of(SqliteTicketStore.SCHEMA))) {
            SqliteTicketStore tickets = new SqliteTicketStore(database);
            for (String id : List.of("A1", "A2")) {
                Object unused = tickets.openOrJoin(Tickets.pending(id, "call-" + id, Instant.now()))
                        .await(10, TimeUnit.SECONDS);
            }

            assertThat(run("approvals", "list").out())
                    .containsPattern("A1 +a person +coder +openai/gpt-4o +\\$2\\.50 .* user: do it")
                    .contains("A2");
            assertThat(run("approvals", "approve", "A1")).isEqualTo(new Said(0, "A1 is APPROVED\n", ""));
            assertThat(run("approvals", "deny", "A2", "--note", "too dear"))
                    .isEqualTo(new Said(0, "A2 is DENIED\n", ""));
            assertThat(run("approvals", "approve", "A2")).isEqualTo(new Said(1, "", "A2 is DENIED already\n"));
            assertThat(run("approvals", "approve", "A9")).isEqualTo(new Said(1, "", "there is no ticket A9\n"));
            assertThat(run("approvals", "list").out())
                    .as("what was approved waits for its client")
                    .containsPattern("A1 +its client \\(approved\\) +coder")
                    .doesNotContain("A2");
            assertThat(tickets.list(State.DENIED, 10).await(10, TimeUnit.SECONDS))
                    .singleElement()
                    .satisfies(denied -> assertThat(denied.note()).isEqualTo("too dear"));
        }
        assertThat(recordedByCommands(6))
                .extracting(record -> record.action() + " " + record.subject())
                .containsExactly(
                        "ticket_approval_asked A1",
                        "ticket_approved A1",
                        "ticket_denial_asked A2",
                        "ticket_denied A2",
                        "ticket_approval_asked A2",
                        "ticket_approval_asked_failed A2");
    }

    @Test
    void spend_holdsTheLastAnsweredCall_whetherTheGatewayRunsOrNot() throws Exception {
        for (int calls = 1; calls <= 3; calls++) {
            assertThat(gateway.chat("fast").statusCode()).isEqualTo(200);
            assertThat(run("report", "spend", "--format", "csv").out())
                    .startsWith("team,calls,cost_usd,input_tokens,cache_read_tokens,")
                    .contains("\ndefault," + calls + ",0.");
        }
        assertThat(gateway.chat("fast").statusCode()).isEqualTo(200);
        gateway.kill();

        assertThat(run("report", "spend", "--by", "model").out()).containsPattern("sandbox/sandbox-small +4 +\\$0\\.");
        assertThat(run("report", "spend", "--by", "agent,model,day", "--time-zone", "Asia/Tokyo", "--format", "json")
                        .out())
                .contains("\"time_zone\" : \"Asia/Tokyo\"", "\"model\" : \"sandbox/sandbox-small\"", "\"calls\" : 4");
        assertThat(run("report", "spend", "--where", "team=nobody", "--format", "csv")
                        .out())
                .hasLineCount(1);
        assertThat(run("report", "spend", "--top", "session", "--limit", "1").out())
                .startsWith("SESSION");
        assertThat(run("report", "spend", "--format", "focus").out().lines().toList())
                .hasSize(2)
                .satisfies(lines -> assertThat(lines.get(0)).startsWith("BillingAccountId,BillingAccountName,"))
                .satisfies(lines -> assertThat(lines.get(1)).contains(",Usage,", "AI and Machine Learning", ",USD,"));
        assertThat(run("report", "spend", "--from", "2001-01-01", "--to", "2001-01-01", "--format", "csv")
                        .out())
                .hasLineCount(1);
        assertThat(run("report", "spend", "--by", "weather"))
                .satisfies(said -> assertThat(said.code()).isEqualTo(1))
                .satisfies(said -> assertThat(said.err()).contains("\"weather\" is not one of team, agent"));
    }

    @Test
    void reconcile_comparesWithTheProvidersOwnExport_inTheColumnsThatExportsHave() throws Exception {
        assertThat(gateway.chat("fast").statusCode()).isEqualTo(200);
        assertThat(gateway.chat("fast").statusCode()).isEqualTo(200);
        List<String> spent = run("report", "spend", "--by", "day,model", "--time-zone", "UTC", "--format", "csv")
                .out()
                .lines()
                .toList();
        List<String> names = List.of(spent.get(0).split(","));
        List<String> row = List.of(spent.get(1).split(","));
        String day = row.get(0);
        long seconds = java.time.LocalDate.parse(day).toEpochDay() * 86_400;
        String cost = row.get(names.indexOf("cost_usd"));
        String input = row.get(names.indexOf("input_tokens"));
        String output = row.get(names.indexOf("output_tokens"));

        Said same = reconcile(
                "start_time,end_time,start_time_iso,end_time_iso,num_model_requests,project_id,model,batch,input_tokens,output_tokens,input_cached_tokens\n"
                        + seconds + ",0," + day + "T00:00:00+00:00,,2.0,proj_a,sandbox-small,False," + input + ".0,"
                        + output + ".0,0.0\n"
                        + seconds + ",0," + day + "T00:01:00+00:00,,,,,,,,\n");
        assertThat(same.out())
                .containsPattern(day + " +sandbox-small +" + input + " +" + input + " +" + output + " +" + output)
                .contains("1 days and models, 0 of them differ");
        assertThat(same.code()).isZero();
        assertThat(reconcile("start_time_iso,amount_value,amount_currency,line_item\n" + day + "T00:00:00+00:00," + cost
                                + ",usd,\"sandbox-small, output\"\n")
                        .code())
                .isZero();
        assertThat(reconcile("start_time_iso,amount_value,amount_currency,project_name\n" + day + "T00:00:00+00:00,"
                        + cost + ",usd,a\n"))
                .satisfies(said -> assertThat(said.code()).isZero())
                .satisfies(said -> assertThat(said.out()).contains("(all)"));
        assertThat(reconcile("usage_date_utc,model_version,api_key,usage_input_tokens_no_cache,usage_output_tokens\n"
                        + day + ",sandbox-small-20251001,k," + input + ",999\n"))
                .satisfies(said -> assertThat(said.code()).isEqualTo(1))
                .satisfies(said -> assertThat(said.out()).contains("1 of them differ by more than 1 %"));
        assertThat(reconcile("start_time,end_time,start_time_iso,end_time_iso\n0,1,,\n"))
                .satisfies(said -> assertThat(said.code()).isEqualTo(1))
                .satisfies(said -> assertThat(said.err()).contains("the first line names no"));
    }

    private Said reconcile(String csv) throws Exception {
        Path usage = Files.writeString(folder.resolve("usage.csv"), csv);
        return run("report", "reconcile", usage.toString(), "--provider", "sandbox");
    }

    @Test
    void prices_areShownAndBroughtUpToDate_forTheBundleThatIsNamed() throws Exception {
        Path bundle = Files.createDirectory(folder.resolve("bundle"));
        Files.writeString(
                bundle.resolve("policy.yaml"),
                "prices: {discounts: [{provider: openai, percent: 12.5}]}\nserver: {data_folder: " + data + "}\n");
        Path list = folder.resolve("list.yaml");
        Files.writeString(list, """
                date: 2026-11-01
                models:
                - {"provider": "mine", "model": "small", "input": 1, "output": 2, "tokenizer": "other"}
                """);
        String[] update = {"prices", "update", list.toString(), "--policies", bundle.toString()};

        assertThat(run("prices", "update", list.toString()).err()).contains("name your policy bundle with --policies");
        assertThat(run(update).out())
                .contains("added    mine/small: input $1, output $2", "1 added, 0 removed", "written: ");
        assertThat(run(update).out()).contains("0 added, 0 removed");
        assertThat(run("prices", "show", "mine/small", "--policies", bundle.toString())
                        .out())
                .contains("list of 2026-11-01, entry mine/small", "input $1, output $2");
        assertThat(run("prices", "show", "openai/gpt-4o", "--policies", bundle.toString())
                        .out())
                .contains("less 12.5 %");
        assertThat(run("prices", "show", "mine/other", "--policies", bundle.toString())
                        .code())
                .isEqualTo(1);
    }

    @Test
    void verify_ofARunningAndOfADamagedJournal_tells() throws Exception {
        assertThat(gateway.chat("fast").statusCode()).isEqualTo(200);
        Said running = run("audit", "verify");
        assertThat(running.code()).isZero();
        assertThat(running.out()).endsWith("the journal is sound\n");
        gateway.kill();
        assertThat(run("audit", "verify").code()).isZero();

        Path copy = Files.createDirectory(folder.resolve("copy"));
        try (Stream<Path> files = Files.list(data.resolve(Journal.FOLDER))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Path segment = copy.resolve("0000000001.journal");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 1;
        Files.write(segment, bytes);

        Said damaged = run("audit", "verify", "--journal", copy.toString());
        assertThat(damaged.code()).isEqualTo(1);
        assertThat(damaged.out()).contains("BAD: ").endsWith("the journal is NOT sound\n");
        Said none =
                run("audit", "verify", "--journal", folder.resolve("nothing").toString());
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("there is no journal in this folder");
    }

    @Test
    void wrongUse_isToldApartFromFaults() {
        assertThat(run("keys", "create", "--agent", "coder").code()).isEqualTo(2);
        assertThat(run("keys").code()).isEqualTo(2);
        assertThat(run("approvals", "approve").code()).isEqualTo(2);
        assertThat(run("keys", "create", "--agent", "no spaces", "--team", "core")
                        .code())
                .isEqualTo(1);
        assertThat(run("ledger", "status"))
                .isEqualTo(new Said(1, "", "store.redis is not set: the counters are in the memory of the gateway\n"));

        data = folder.resolve("elsewhere");
        Said nowhere = run("keys", "list");
        assertThat(nowhere.code()).isEqualTo(1);
        assertThat(nowhere.err()).contains("there is no data folder " + data);
        assertThat(data).doesNotExist();
    }

    private Said run(String... arguments) {
        return arguments.length > 1 ? Commands.run(data, List.of(), arguments) : Commands.run(List.of(arguments));
    }

    /** What commands did, once there are so many records of it on the log. */
    private List<Administrative> recordedByCommands(int count) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            List<Administrative> done = recordedByCommands();
            if (done.size() >= count || System.nanoTime() > until) {
                return done;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private List<Administrative> recordedByCommands() throws IOException {
        List<Administrative> done = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(data.resolve(Journal.FOLDER), Position.START)) {
            while (reader.next() instanceof JournalReader.Step.Intact intact) {
                if (intact.entry().record() instanceof Administrative administrative
                        && administrative.actor().startsWith("cli:")) {
                    done.add(administrative);
                }
            }
        }
        return done;
    }
}
