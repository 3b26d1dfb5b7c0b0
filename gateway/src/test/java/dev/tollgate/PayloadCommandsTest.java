package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Commands.Said;
import dev.tollgate.audit.evidence.EvidencePack;
import dev.tollgate.audit.evidence.EvidencePack.Content;
import dev.tollgate.cli.TollgateCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with payloads beside a gateway that runs: shown, judged by another policy, sent again, erased. */
final class PayloadCommandsTest {
    private static final String ADDRESS = "jane.roe" + "@" + "northwind-traders.com";
    private static final String[] SETTINGS = {
        "payloads.capture=full", "payloads.key=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "scan.personal=mark"
    };

    @TempDir
    private Path folder;

    private Path data;
    private GatewayProcess gateway;

    @BeforeEach
    void start() throws IOException {
        data = folder.resolve("data");
        gateway = GatewayProcess.start(data, SETTINGS);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Said run(String... arguments) {
        return Commands.run(data, List.of(SETTINGS), arguments);
    }

    private String call(String text) throws Exception {
        HttpResponse<String> answer = gateway.ask("fast", text);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.headers().firstValue("x-tollgate-exchange-id").orElseThrow();
    }

    /** Waits until both halves of a call are written. */
    private void written(String exchange) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            if (run("audit", "show", exchange).out().split("matches its record", -1).length == 3) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("the payload of " + exchange + " was not written");
    }

    @Test
    void stricterPolicy_judgingWhatWasKept_changesExactlyTheCallsItIsAbout() throws Exception {
        List<String> ids = new ArrayList<>();
        for (String text : List.of("hello", "write to " + ADDRESS, "how are you", "and again to " + ADDRESS, "bye")) {
            ids.add(call(text));
        }
        assertThat(gateway.chat("fast", "tg_nobody").statusCode()).isEqualTo(401);
        written(ids.getLast());

        Said stricter = run("replay", "--decide-only", "--try", "scan.personal=block");
        Said same = run("replay", "--decide-only", "--try", "scan.personal=mark");
        Said capped = run("replay", "--decide-only", "--try", "budget.request_cap=0.000001");

        assertThat(stricter.code()).isEqualTo(3);
        assertThat(stricter.out().lines().filter(line -> line.startsWith("ex_")))
                .containsExactly(
                        ids.get(1) + "  pass -> deny scan/personal_data_found (email_address)",
                        ids.get(3) + "  pass -> deny scan/personal_data_found (email_address)");
        assertThat(stricter.out())
                .contains("2 of 5 judged calls would be decided otherwise", "pass -> deny: 2", "no request is kept: 1");
        assertThat(same.code()).isZero();
        assertThat(same.out()).contains("0 of 5 judged calls");
        assertThat(capped.out()).contains("5 of 5 judged calls", "deny budget/");
    }

    @Test
    void call_shownRevealedAndErased_isOnTheLogEachTime() throws Exception {
        String id = call("a secret of mine");
        String other = call("something else");
        written(id);
        written(other);
        String token = Files.readString(data.resolve("admin-token")).strip();

        assertThat(run("audit", "show", id).out())
                .contains("served by sandbox/")
                .doesNotContain("a secret of mine");
        assertThat(run("audit", "show", id, "--payloads").out()).contains("a secret of mine");
        assertThat(gateway.console("/api/v1/exchanges/" + id + "/payload", token))
                .contains("\"matches_record\":true", "a secret of mine");
        assertThat(contains("a secret of mine")).isFalse();

        Said erased = run("audit", "erase", "--subject", "exchange:" + id, "--reason", "asked by the user");

        assertThat(erased.code()).isZero();
        assertThat(erased.out()).contains("payloads of 1 exchanges are erased");
        assertThat(run("audit", "show", id, "--payloads").out())
                .containsPattern("request: erased on 20\\S+ by cli:\\S+: asked by the user")
                .doesNotContain("a secret of mine");
        assertThat(gateway.console("/api/v1/exchanges/" + id + "/payload", token))
                .contains("\"state\":\"erased\"", "asked by the user");
        assertThat(run("audit", "show", other, "--payloads").out()).contains("something else");
        Said verified = verifiedOnceErasureIsOnTheLog();
        assertThat(verified.out())
                .contains("the journal is sound", "2 were erased, 0 were dropped", "the payloads are sound")
                .containsPattern("2 payloads of \\d+ bytes are what their records commit to");
        assertThat(verified.code()).as(verified.out()).isZero();
        assertThat(run("audit", "deeds", "--action", "payload", "--by", "cli:")
                        .out()
                        .lines())
                .anyMatch(line -> line.contains("payload_revealed  " + id))
                .anyMatch(line -> line.contains("payload_erasure_asked  exchange:" + id)
                        && line.contains("reason=asked by the user"))
                .noneMatch(line -> line.contains("policy_loaded"));
        assertThat(run("audit", "deeds", "--last", "1").out().lines()).hasSize(1);
    }

    /** What a command did comes to the log of the gateway a moment later; until then a verification only notes it, and is sound too. */
    private Said verifiedOnceErasureIsOnTheLog() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        Said verified = run("audit", "verify", "--payloads");
        while (verified.out().contains("not on a log yet") && System.nanoTime() < deadline) {
            assertThat(verified.code()).as(verified.out()).isZero();
            TimeUnit.MILLISECONDS.sleep(50);
            verified = run("audit", "verify", "--payloads");
        }
        return verified;
    }

    @Test
    void evidence_withPayloads_isVerifiedWithoutTheStore_andAFlippedByteIsFound() throws Exception {
        String id = call("what the auditor is to read");
        written(id);
        Path file = folder.resolve("evidence.json");
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        Said exported = run("audit", "export", "--exchange", id, "--payloads", "-o", file.toString());
        while (exported.err().contains("no checkpoint covers") && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(200);
            exported = run("audit", "export", "--exchange", id, "--payloads", "-o", file.toString());
        }
        assertThat(exported.code()).as(exported.err()).isZero();

        Said verified = verifyAlone(file);

        assertThat(verified.code()).as(verified.out()).isZero();
        assertThat(verified.out())
                .contains("the request is the one that the record commits to")
                .contains("the reply is the one that the record commits to");
        EvidencePack pack = EvidencePack.read(Files.readAllBytes(file));
        for (int i = 0; i < pack.payloads().size(); i++) {
            List<Content> contents = new ArrayList<>(pack.payloads());
            Content content = contents.get(i);
            byte[] bytes = Base64.getDecoder().decode(content.bytes());
            bytes[bytes.length / 2] ^= 1;
            contents.set(
                    i,
                    new Content(
                            content.part(), content.salt(), Base64.getEncoder().encodeToString(bytes)));
            Files.write(file, pack.withPayloads(contents).write());
            assertThat(verifyAlone(file).out())
                    .contains("BAD: the " + content.part() + " is not the one that the record commits to (PAYLOAD)");
            assertThat(verifyAlone(file).code()).isEqualTo(1);
        }
    }

    private static Said verifyAlone(Path pack) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = TollgateCommand.commandLine(new Serving(), InstantSource.system())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("audit", "verify", "--export", pack.toString());
        return new Said(code, out.toString(), err.toString());
    }

    private boolean contains(String text) throws IOException {
        try (var files = Files.list(data.resolve("payloads"))) {
            for (Path file : files.toList()) {
                if (new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void call_sentAgain_isComparedWithTheFirst() throws Exception {
        String id = call("hello");
        written(id);

        Said again = run("replay", id, "--gateway", gateway.url(), "--key", gateway.key());
        Said other =
                run("replay", id, "--to", "sandbox/sandbox-large", "--gateway", gateway.url(), "--key", gateway.key());
        Said nobody = run("replay", "ex_none", "--gateway", gateway.url(), "--key", gateway.key());

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out())
                .contains("status   200 -> 200", "text     the same", "1 calls were sent again, 0 of them")
                .containsPattern("served +sandbox/sandbox-small -> sandbox/sandbox-small");
        assertThat(other.out()).containsPattern("served +sandbox/sandbox-small -> sandbox/sandbox-large");
        assertThat(nobody.code()).isEqualTo(1);
    }

    @Test
    void call_sentToAProviderOfAnotherApi_isRefusedWithBothNames() throws Exception {
        String id = call("hello");
        written(id);

        Said foreign =
                run("replay", id, "--to", "replicate/some-model", "--gateway", gateway.url(), "--key", gateway.key());
        Said unknown = run("replay", id, "--to", "nowhere/m", "--gateway", gateway.url(), "--key", gateway.key());

        assertThat(foreign.code()).isEqualTo(1);
        assertThat(foreign.out())
                .contains(id + " was not sent: it is written in openai_chat, and provider replicate speaks replicate")
                .contains("requests are not translated from one API to another")
                .contains("0 calls were sent again, 0 of them were not answered; 1 could not be sent");
        assertThat(unknown.out()).contains("there is no provider nowhere in the settings");
    }
}
