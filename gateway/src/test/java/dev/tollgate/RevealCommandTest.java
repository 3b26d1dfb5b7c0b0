package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Commands.Said;
import dev.tollgate.approval.HeldOriginals;
import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Tickets;
import dev.tollgate.store.sqlite.SqliteDatabase;
import dev.tollgate.store.sqlite.SqliteKeptReplies;
import dev.tollgate.store.sqlite.SqliteTicketStore;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A held call shown in the terminal, and its original to whoever says why. */
final class RevealCommandTest {
    private static final Pattern TICKET = Pattern.compile("(A\\w{10}) +a person");
    private static final String SECRET = "AKIA" + "Q3ZT7PLW2VKD5YHN";
    private static final String KEY = "payloads.key=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    @TempDir
    private Path folder;

    private Path data;
    private String[] settings = {};
    private GatewayProcess gateway;

    private void start(String... overrides) throws IOException {
        data = folder.resolve("data");
        settings = overrides;
        gateway = GatewayProcess.start(data, overrides);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Said run(String... arguments) {
        return Commands.run(data, List.of(settings), arguments);
    }

    /** Makes a call that is held, and yields its ticket. */
    private String hold(String text) throws InterruptedException {
        CompletableFuture<HttpResponse<String>> unused = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return gateway.ask("fast", text);
                    } catch (IOException | InterruptedException ended) { // the gateway goes before the call is decided
                        throw new AssertionError(ended);
                    }
                },
                task -> Thread.ofVirtual().start(task));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < until) {
            Matcher listed = TICKET.matcher(run("approvals", "list").out());
            if (listed.find()) {
                return listed.group(1);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("no ticket");
    }

    /** The ticket as it is shown once its original is kept, which happens just after it was opened. */
    private Said shown(String ticket) throws InterruptedException {
        Said shown = run("approvals", "show", ticket);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!shown.out().contains("Its original is kept") && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(50);
            shown = run("approvals", "show", ticket);
        }
        return shown;
    }

    private String deeds() throws InterruptedException {
        String deeds = run("audit", "deeds", "--action", "payload_revealed").out();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (deeds.isBlank() && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(50);
            deeds = run("audit", "deeds", "--action", "payload_revealed").out();
        }
        return deeds;
    }

    @Test
    void original_isShownWithAReason_onTheRecord_withWhatIsNotSeen() throws Exception {
        start("payloads.capture=full", "scan.secrets=hold", KEY);
        String ticket = hold("log in with " + SECRET + " \\u202e\\u001b[2J please");

        Said shown = shown(ticket);
        Said noReason = run("approvals", "show", ticket, "--reveal");
        Said blank = run("approvals", "show", ticket, "--reveal", "--reason", " ");
        Said revealed = run("approvals", "show", ticket, "--reveal", "--reason", "is it a test key?");

        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains(ticket + ": default (team default", "held because ", "waits for a person until ")
                .contains("Its original is kept: --reveal --reason TEXT shows it")
                .contains("[U+202E][U+001B][2J please")
                .doesNotContain(SECRET);
        assertThat(noReason.code()).isEqualTo(2);
        assertThat(blank.code()).isEqualTo(2);
        assertThat(noReason.out() + blank.out()).doesNotContain(SECRET);
        assertThat(revealed.code()).as(revealed.err()).isZero();
        assertThat(revealed.out())
                .contains("--- user, text", "log in with " + SECRET + " [U+202E][U+001B][2J please")
                .doesNotContain("\u202e", "\u001b");
        assertThat(run("approvals", "list").out())
                .contains("[U+202E][U+001B][2J please")
                .doesNotContain("\u202e", "\u001b");
        assertThat(deeds().lines())
                .singleElement()
                .asString()
                .contains("cli:", "ticket=" + ticket, "reason=is it a test key?", "where=ticket")
                .doesNotContain(SECRET);
    }

    @Test
    void original_erasedWithWhatItsAgentSaid_isShownToNobody_andItsCallIsStillDecided() throws Exception {
        start("payloads.capture=full", "scan.secrets=hold", KEY);
        String ticket = hold("log in with " + SECRET);
        assertThat(shown(ticket).out()).contains("Its original is kept");

        Said erased = run("audit", "erase", "--subject", "agent:default", "--reason", "asked by the user");
        Said revealed = run("approvals", "show", ticket, "--reveal", "--reason", "curious");

        assertThat(erased.code()).as(erased.err()).isZero();
        assertThat(erased.out()).contains("1 originals and replies are erased");
        assertThat(revealed.code()).isEqualTo(1);
        assertThat(revealed.err())
                .containsPattern(
                        "the original of ticket " + ticket + " was erased on 20\\S+ by cli:\\S+: asked by the user");
        assertThat(run("approvals", "show", ticket).out())
                .contains("Its original was erased on 20", ": asked by the user");
        assertThat(run("approvals", "deny", ticket)).isEqualTo(new Said(0, ticket + " is DENIED\n", ""));
    }

    @Test
    void original_isNotShown_whereThatCannotBeRecorded() throws Exception {
        start("payloads.capture=full", "scan.secrets=hold");
        String ticket = hold("log in with " + SECRET);
        assertThat(shown(ticket).out()).contains("Its original is kept");
        try (SqliteDatabase database = SqliteDatabase.open(data, List.of())) {
            Object dropped = database.write(connection -> {
                        try (Statement statement = connection.createStatement()) {
                            return statement.executeUpdate("DROP TABLE audit_outbox");
                        }
                    })
                    .await(20, TimeUnit.SECONDS);
            assertThat(dropped).isNotNull();
        }

        Said refused = run("approvals", "show", ticket, "--reveal", "--reason", "curious");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out() + refused.err()).doesNotContain(SECRET);
    }

    @Test
    void original_whereNoneIsKept_orItsTimeIsOver_isSaidToBeNone() throws Exception {
        start("payloads.capture=redacted", "scan.secrets=hold");
        String ticket = hold("log in with " + SECRET);
        Instant past = Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.MILLIS);
        Ticket old = Tickets.pending("A9", "call-9", past);
        try (SqliteDatabase database =
                SqliteDatabase.open(data, List.of(SqliteTicketStore.SCHEMA, SqliteKeptReplies.SCHEMA))) {
            Object opened = new SqliteTicketStore(database).openOrJoin(old).await(20, TimeUnit.SECONDS);
            assertThat(opened).isNotNull();
            new HeldOriginals(new SqliteKeptReplies(database), InstantSource.fixed(past))
                    .keep(old, new Original(SECRET.getBytes(StandardCharsets.UTF_8), false))
                    .await(20, TimeUnit.SECONDS);
        }

        Said none = run("approvals", "show", ticket, "--reveal", "--reason", "curious");
        Said over = run("approvals", "show", "A9", "--reveal", "--reason", "curious");
        Said nobody = run("approvals", "show", "A0", "--reveal", "--reason", "curious");

        assertThat(run("approvals", "show", ticket).out()).contains("No original is kept.");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err())
                .contains("there is no original of ticket " + ticket
                        + ": originals are kept where payloads.capture is full");
        assertThat(over.code()).isEqualTo(1);
        assertThat(over.err()).contains("there is no original of ticket A9 any more: its deadline has passed");
        assertThat(nobody).isEqualTo(new Said(1, "", "there is no ticket A0\n"));
        assertThat(none.out() + over.out()).doesNotContain(SECRET);
        assertThat(run("audit", "deeds", "--action", "payload_revealed").out())
                .as("nothing was shown, so nobody has looked")
                .isBlank();
    }
}
