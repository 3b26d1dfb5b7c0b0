package dev.tollgate.store.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.Records;
import dev.tollgate.policy.AuditStream;
import dev.tollgate.policy.PolicyException;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of records to real files, HTTP servers and sockets. */
class RecordStreamsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path data;

    @Test
    void file_getsALinePerRecord_andGoesOnWhereItStoodAfterARestart() throws Exception {
        Path file = data.resolve("out.jsonl");
        AuditStream stream = stream(file.toString(), AuditStream.Format.CLOUDEVENTS);

        run(stream, 2, () -> textOf(file).contains("ex_0_2"));
        run(stream, 1, () -> textOf(file).contains("ex_1_1"));

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).doesNotHaveDuplicates();
        assertThat(lines.stream().filter(line -> line.contains("\"type\":\"received\"")))
                .hasSize(3)
                .isSortedAccordingTo(Comparator.comparing(line -> line.replaceAll(".*\"subject\":\"([^\"]*).*", "$1")));
        assertThat(lines.get(1)).contains("\"type\":\"dev.tollgate.audit.checkpoint\"");
        assertThat(lines.get(2))
                .startsWith("{\"specversion\":\"1.0\",\"id\":\"")
                .contains("/2\",\"source\":\"/tollgate/nodes/")
                .contains("\"type\":\"dev.tollgate.audit.received\",\"subject\":\"ex_0_1\"")
                .contains("\"datacontenttype\":\"application/json\",\"data\":{\"chain\":");
    }

    @Test
    void http_thatRefusesAtFirst_getsEverythingInOrder() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        List<String> taken = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/in", call -> {
            String body = new String(call.getRequestBody().readAllBytes(), UTF_8);
            boolean refuse = calls.incrementAndGet() <= 2;
            if (!refuse) {
                taken.add(call.getRequestHeaders().getFirst("content-type") + " "
                        + call.getRequestHeaders().getFirst("authorization") + " " + body);
            }
            call.sendResponseHeaders(refuse ? 503 : 204, -1);
            call.close();
        });
        server.start();
        try {
            AuditStream stream = new AuditStream(
                    "siem",
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/in",
                    AuditStream.Format.CLOUDEVENTS,
                    List.of(AuditStream.Type.RECEIVED),
                    "Bearer let-me-in");

            run(stream, 2, () -> String.join("", taken).contains("ex_0_2"));
        } finally {
            server.stop(0);
        }
        String all = String.join("\n", taken);
        assertThat(all).startsWith("application/cloudevents-batch+json Bearer let-me-in [{");
        assertThat(all).doesNotContain("chain_started");
        assertThat(all.indexOf("ex_0_1")).isLessThan(all.indexOf("ex_0_2"));
        assertThat(calls.get()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void httpThatRefuses_isToldInItsState_withoutItsAddress() throws Exception {
        AuditStream stream =
                new AuditStream("siem", "http://127.0.0.1:1/secret", AuditStream.Format.CLOUDEVENTS, List.of(), null);
        try (Journal journal = JournalFolder.open(data);
                RecordStreams streams = RecordStreams.start(journal, data, List.of(stream), InstantSource.system())) {
            await(() -> states(streams).getFirst().trouble().isPresent());

            assertThat(states(streams).getFirst().waitingBytes()).isPositive();
            assertThat(states(streams).getFirst().trouble().orElseThrow())
                    .contains("it cannot be reached")
                    .doesNotContain("secret");
        }
    }

    @Test
    void syslog_getsFramedMessages_andIsConnectedToAgainWhenItWentAway() throws Exception {
        List<String> messages = new CopyOnWriteArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread reading = Thread.ofPlatform().daemon(true).start(() -> read(server, messages));
            AuditStream stream = stream("syslog://127.0.0.1:" + server.getLocalPort(), AuditStream.Format.OCSF);
            try (Journal journal = JournalFolder.open(data);
                    RecordStreams streams =
                            RecordStreams.start(journal, data, List.of(stream), InstantSource.system())) {
                await(() -> messages.size() >= 1);
                append(journal, 0, 2);
                await(() -> messages.stream().anyMatch(message -> message.contains("ex_0_2")));
                // The collector has the message a moment before the stream knows.
                await(() -> states(streams).getFirst().trouble().isEmpty());
            }
            assertThat(reading.isAlive()).isTrue();
        }
        assertThat(messages)
                .allSatisfy(message -> assertThat(message)
                        .matches("<110>1 \\d{4}-\\d\\d-\\d\\dT\\S+Z \\S+ tollgate \\d+ audit - \\{.*\\}"));
        assertThat(messages.getFirst()).contains("\"class_uid\":6002");
    }

    @Test
    void addresses_thatCannotBeUsed_areNamedWithoutBeingShown() {
        assertThatThrownBy(() -> StreamTarget.all(List.of(stream("ftp://secret.example/x", AuditStream.Format.OCSF))))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("audit.streams[0].to")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> StreamTarget.all(
                        List.of(stream("a", AuditStream.Format.OCSF), stream("b", AuditStream.Format.OCSF))))
                .hasMessageContaining("audit.streams[1].id")
                .hasMessageContaining("used twice");
        assertThatThrownBy(() -> StreamTarget.all(List.of(
                        new AuditStream("siem", "syslog://host:514", AuditStream.Format.OCSF, List.of(), "Bearer x"))))
                .hasMessageContaining("audit.streams[0].authorization");
    }

    private static AuditStream stream(String to, AuditStream.Format format) {
        return new AuditStream("siem", to, format, List.of(), null);
    }

    private void run(AuditStream stream, int records, BooleanSupplier done) throws Exception {
        long before = Files.exists(data.resolve("round")) ? Files.size(data.resolve("round")) : 0;
        Files.write(data.resolve("round"), new byte[(int) before + 1]);
        try (Journal journal = JournalFolder.open(data);
                RecordStreams streams = RecordStreams.start(journal, data, List.of(stream), InstantSource.system())) {
            append(journal, (int) before, records);
            await(done);
            await(() -> states(streams).getFirst().trouble().isEmpty());
        }
    }

    private static void append(Journal journal, int round, int records) throws Exception {
        for (int i = 1; i <= records; i++) {
            String exchange = "ex_" + round + "_" + i;
            journal.append(Records.received(exchange))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        }
    }

    private static List<RecordStreams.State> states(RecordStreams streams) {
        try {
            return streams.states();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String textOf(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException beingWritten) {
            return "";
        }
    }

    /** Takes messages; closes the first connection after one of them. */
    private static void read(ServerSocket server, List<String> messages) {
        boolean first = true;
        while (!server.isClosed()) {
            try (Socket socket = server.accept();
                    DataInputStream in = new DataInputStream(socket.getInputStream())) {
                do {
                    int length = 0;
                    for (int c = in.readUnsignedByte(); c != ' '; c = in.readUnsignedByte()) {
                        length = 10 * length + c - '0';
                    }
                    messages.add(new String(in.readNBytes(length), UTF_8));
                } while (!first);
                first = false;
            } catch (IOException gone) {
                // The stream came to its end, or the test did.
            }
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(10);
        }
    }
}
