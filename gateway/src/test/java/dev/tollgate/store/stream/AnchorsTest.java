package dev.tollgate.store.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.Records;
import dev.tollgate.policy.AnchorPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnchorsTest {
    @TempDir
    private Path data;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void checkpoints_goToFileAndStandardOutput_theLastOneToo() throws Exception {
        Path file = data.resolve("anchors.txt");
        String last;
        try (Journal journal = JournalFolder.open(data)) {
            try (Anchors anchors = start(journal, new AnchorPolicy(file, true, null, Duration.ZERO))) {
                await(() -> out.toString(UTF_8).contains("tollgate.dev/") && Files.exists(file));
                assertThat(anchors.trouble()).isEmpty();
            }
            last = journal.head().node();
        }

        assertThat(Files.readString(file))
                .startsWith("tollgate.dev/" + last + "\n1\n")
                .endsWith("=\n\n");
        assertThat(out.toString(UTF_8)).contains("\u2014 tollgate.dev/" + last + " ");
    }

    @Test
    void webhook_thatFails_isTriedAgainAndHoldsNothingUp() throws Exception {
        AtomicBoolean isBack = new AtomicBoolean();
        List<String> taken = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            String note = new String(call.getRequestBody().readAllBytes(), UTF_8);
            if (isBack.get()) {
                taken.add(note);
            }
            call.sendResponseHeaders(isBack.get() ? 200 : 500, -1);
            call.close();
        });
        server.start();
        try (Journal journal = JournalFolder.open(data);
                Anchors anchors = start(
                        journal,
                        new AnchorPolicy(
                                null,
                                false,
                                "http://127.0.0.1:" + server.getAddress().getPort(),
                                Duration.ZERO))) {
            await(() -> !anchors.trouble().isEmpty());
            assertThat(anchors.trouble()).isEqualTo("audit.anchors.webhook takes no checkpoint: it answered 500");
            journal.append(Records.received("ex_1")).await(10, TimeUnit.SECONDS);

            isBack.set(true);
            await(() -> anchors.trouble().isEmpty());
            assertThat(taken).hasSize(1);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void webhook_thatIsNoAddress_isNamedWithoutBeingShown() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            assertThatThrownBy(() -> start(journal, new AnchorPolicy(null, false, "not secret", Duration.ZERO)))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    private Anchors start(Journal journal, AnchorPolicy policy) throws IOException {
        return Anchors.start(journal, policy, new PrintStream(out, true, UTF_8));
    }

    private static void await(BooleanSupplier holds) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
