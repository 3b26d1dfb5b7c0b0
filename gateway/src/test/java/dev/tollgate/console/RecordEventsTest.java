package dev.tollgate.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.Records;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log as server-sent events, over real HTTP and from a real journal. */
@Timeout(60)
final class RecordEventsTest {
    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(InstantSource.system());
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path data;

    private Journal journal;
    private int port;

    @BeforeEach
    void start() throws Exception {
        journal = JournalFolder.open(data);
        rooms.feed = journal.feed();
        port = rooms.open(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        journal.close();
    }

    @Test
    void records_areToldAsTheyHappen_andFromAnEventOnToWhoComesBack() throws Exception {
        append(Records.received("ex_1"));
        List<String> ids = new ArrayList<>();
        try (Events events = follow("?from=start")) {
            ids.add(events.next("chain_started"));
            assertThat(events.next("\"type\":\"checkpoint\"")).isNotIn(ids);
            ids.add(events.next("\"exchange\":\"ex_1\""));
            append(Records.ended("ex_1"));
            ids.add(events.next("\"type\":\"ended\""));
        }
        append(Records.received("ex_2"));

        try (Events again = follow("", "Last-Event-ID", ids.get(1))) {
            assertThat(again.next("\"type\":\"ended\"")).isEqualTo(ids.get(2));
            assertThat(again.next("ex_2")).isNotIn(ids);
        }
    }

    @Test
    void follower_thatAsksForOneKindInOneForm_getsNoOther() throws Exception {
        append(Records.received("ex_1"));
        append(Records.ended("ex_1"));

        try (Events events = follow("?from=start&types=ended&format=cloudevents")) {
            String id = events.next("\"type\":\"dev.tollgate.audit.ended\",\"subject\":\"ex_1\"");
            assertThat(id).matches("\\d+-\\d+");
        }
    }

    @Test
    void follower_withAPlaceThatIsNoRecord_isToldOfTheGapAndGoesOn() throws Exception {
        append(Records.received("ex_1"));

        try (Events events = follow("?from=1-100")) {
            assertThat(events.line()).isEqualTo(": following");
            assertThat(events.line()).isEmpty();
            assertThat(events.line()).isEqualTo("event: gap");
        }
    }

    @Test
    void follower_thatAsksForWhatIsNot_isRefused() throws Exception {
        assertThat(status("?from=yesterday")).isEqualTo(400);
        assertThat(status("?types=gossip")).isEqualTo(400);
        assertThat(status("?format=xml")).isEqualTo(400);
    }

    @Test
    void moreFollowersThanAllowed_areRefused_untilOneLeaves() throws Exception {
        List<Events> all = new ArrayList<>();
        for (int i = 0; i < Limits.MAX_STREAMS; i++) {
            all.add(follow(""));
            assertThat(all.getLast().line()).isEqualTo(": following");
        }

        assertThat(status("")).isEqualTo(503);

        for (Events one : all) {
            one.close();
        }
        int status = 503;
        while (status != 200) {
            status = status("");
        }
        assertThat(status).isEqualTo(200);
    }

    private void append(AuditRecord record) throws Exception {
        journal.append(record).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private int status(String query) throws Exception {
        HttpResponse<InputStream> answer =
                client.send(request(query).build(), HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    private Events follow(String query, String... headers) throws Exception {
        HttpRequest.Builder request = request(query);
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        return new Events(new BufferedReader(new InputStreamReader(answer.body(), UTF_8)));
    }

    private HttpRequest.Builder request(String query) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/events" + query))
                .header("Authorization", "Bearer " + rooms.token);
    }

    private record Events(BufferedReader lines) implements AutoCloseable {
        String line() throws Exception {
            return String.valueOf(lines.readLine());
        }

        /** The id of the next event, which must say this. */
        String next(String text) throws Exception {
            String id = "";
            while (true) {
                String line = line();
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    assertThat(line).contains(text);
                    return id;
                }
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
