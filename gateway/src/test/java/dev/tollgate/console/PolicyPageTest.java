package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.Records;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history of policies, from a real journal. */
final class PolicyPageTest {
    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(InstantSource.system());

    @TempDir
    private Path data;

    private Journal journal;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        journal = JournalFolder.open(data);
        rooms.feed = journal.feed();
        browser = rooms.administrator(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        journal.close();
    }

    private void loaded(String version, Map<String, String> details) throws Exception {
        journal.append(new Administrative(Records.NOON, "policy_loaded", "gateway", version, details))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void history_tellsEachLoad_andWhatChanged() throws Exception {
        loaded("first", Map.of());
        loaded("second", Map.of("change_1", "budget.request_cap: 1 -> 2"));

        assertThat(browser.get("/policy").body().replaceAll("\\s+", " "))
                .contains(
                        "<strong>first</strong>", "at a start", "One setting changed", "budget.request_cap: 1 -&gt; 2")
                .doesNotContain("no room here");
    }

    @Test
    void history_ofLoadsThatChangedMuch_staysSmall_andSaysWhatIsMissing() throws Exception {
        Map<String, String> changes = new TreeMap<>();
        for (int i = 0; i < 150; i++) {
            changes.put("change_" + i, "models.m" + i + ".description: " + "<old> -> ".repeat(20));
        }
        for (int i = 0; i < Limits.MAX_POLICY_CHANGES; i++) {
            loaded("version-" + i, changes);
        }

        String page = browser.get("/policy").body();

        assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(Limits.MAX_PAGE_BYTES);
        assertThat(page)
                .contains("<strong>version-0</strong>", "<strong>version-199</strong>", "150 more have no room here")
                .doesNotContain("at a start");
        assertThat(page.split("150 settings changed", -1)).hasSize(Limits.MAX_POLICY_CHANGES + 1);
    }
}
