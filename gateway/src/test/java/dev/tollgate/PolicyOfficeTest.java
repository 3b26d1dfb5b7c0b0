package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.console.PolicyDesk.Draft;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.wire.Wires;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drafts of a bundle's files, tried out beside the one in force. */
final class PolicyOfficeTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path folder;

    private PolicySource policies;
    private PolicyOffice office;

    @BeforeEach
    void load() throws Exception {
        Files.writeString(folder.resolve("budget.yaml"), "budget:\n  request_cap: 10\n");
        Files.writeString(folder.resolve("scan.yaml"), "scan:\n  mode: observe\n");
        PolicyLoader loader = new PolicyLoader(folder, List.of(), name -> null);
        List<ViewCompiler<?>> compilers = Serving.compilers(new Wires(), name -> null, "http://127.0.0.1:9", folder);
        policies = PolicySource.start(loader, compilers, InstantSource.system());
        office = new PolicyOffice(vertx, policies, loader, compilers);
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void draft_sound_tellsWhatItWouldChange_andChangesNothing() throws Exception {
        String before = policies.current().version();

        Draft draft = await(office.tryOut("budget.yaml", "budget:\n  request_cap: 20\n"));

        assertThat(draft.errors()).isEmpty();
        assertThat(draft.changes()).singleElement().asString().contains("budget.request_cap", "20");
        assertThat(policies.current().version()).isEqualTo(before);
        assertThat(Files.readString(folder.resolve("budget.yaml"))).contains("10");
    }

    @Test
    void draft_wrong_tellsFileAndLine() throws Exception {
        Draft value = await(office.tryOut("budget.yaml", "budget:\n  request_cap: fifty\n"));
        Draft doubled = await(office.tryOut("more.yaml", "scan: {mode: enforce}\n"));
        Draft rule = await(office.tryOut("approval.yaml", "approval: {holds: [{id: x, when: 'nonsense ('}]}\n"));

        assertThat(value.errors())
                .singleElement()
                .asString()
                .startsWith("budget.yaml:2")
                .contains("fifty");
        assertThat(doubled.errors()).singleElement().asString().contains("a second time");
        assertThat(rule.errors()).singleElement().asString().startsWith("approval.yaml:1");
        assertThat(value.errors().toString()).doesNotContain("tollgate-draft");
    }

    @Test
    void draft_withANameThatLeadsElsewhere_isRefused() throws Exception {
        for (String name : List.of("../budget.yaml", "/etc/x.yaml", "a/b.yaml", "x.txt", "")) {
            assertThat(await(office.tryOut(name, "")).errors()).as(name).hasSize(1);
        }
    }

    @Test
    void files_ofTheBundle_areTold() throws Exception {
        assertThat(await(office.files())).containsOnlyKeys("budget.yaml", "scan.yaml");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
