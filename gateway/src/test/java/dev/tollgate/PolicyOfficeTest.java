package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.audit.payload.MemoryPayloads;
import dev.tollgate.console.PolicyDesk.Draft;
import dev.tollgate.console.PolicyDesk.Rehearsed;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.store.memory.MemoryKeyStore;
import dev.tollgate.wire.Wires;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drafts of a bundle's files, tried out beside the one in force. */
final class PolicyOfficeTest {
    private final Vertx vertx = Vertx.vertx();
    private final String secret = "Kept-" + System.nanoTime();

    @TempDir
    private Path folder;

    private PolicySource policies;
    private PolicyOffice office;

    @BeforeEach
    void load() throws Exception {
        Files.writeString(folder.resolve("budget.yaml"), "budget:\n  request_cap: 10\n");
        Files.writeString(folder.resolve("scan.yaml"), "scan:\n  mode: observe\n");
        PolicyLoader loader = new PolicyLoader(folder, List.of(), name -> name.equals("HOUSE_SECRET") ? secret : null);
        List<ViewCompiler<?>> compilers = Serving.compilers(new Wires(), name -> null, "http://127.0.0.1:9", folder);
        policies = PolicySource.start(loader, compilers, InstantSource.system());
        DraftRehearsal rehearsal =
                new DraftRehearsal(new Serving(), new NoCalls(), new MemoryPayloads(), new MemoryKeyStore(true));
        office = new PolicyOffice(vertx, policies, loader, compilers, rehearsal);
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void draft_sound_tellsWhatItWouldChange_andChangesNothing() throws Exception {
        String before = policies.current().version();

        Draft draft = await(office.tryOut("budget.yaml", "budget:\n  request_cap: 20\n", false));

        assertThat(draft.errors()).isEmpty();
        assertThat(draft.changes()).singleElement().asString().contains("budget.request_cap", "20");
        assertThat(policies.current().version()).isEqualTo(before);
        assertThat(Files.readString(folder.resolve("budget.yaml"))).contains("10");
    }

    @Test
    void draft_wrong_tellsFileAndLine() throws Exception {
        Draft value = await(office.tryOut("budget.yaml", "budget:\n  request_cap: fifty\n", false));
        Draft doubled = await(office.tryOut("more.yaml", "scan: {mode: enforce}\n", false));
        Draft rule = await(office.tryOut("approval.yaml", "approval: {holds: [{id: x, when: 'nonsense ('}]}\n", false));

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
    void draft_thatShowsAVariable_tellsItsName() throws Exception {
        Draft sound = await(office.tryOut(
                "approval.yaml", "approval: {holds: [{id: x, when: 'true', reason: 'see ${HOUSE_SECRET}'}]}\n", false));
        Draft wrong = await(office.tryOut("budget.yaml", "budget: {request_cap: '${HOUSE_SECRET}'}\n", false));

        assertThat(sound.changes().toString()).contains("${HOUSE_SECRET}").doesNotContain(secret);
        assertThat(wrong.errors().toString()).contains("budget.yaml:1").doesNotContainIgnoringCase(secret);
    }

    @Test
    void draft_withANameThatLeadsElsewhere_isRefused() throws Exception {
        for (String name : List.of("../budget.yaml", "/etc/x.yaml", "a/b.yaml", "x.txt", "")) {
            assertThat(await(office.tryOut(name, "", false)).errors()).as(name).hasSize(1);
        }
    }

    @Test
    void draft_rehearsed_withoutAnyCall_judgesNone() throws Exception {
        Draft draft = await(office.tryOut("budget.yaml", "budget:\n  request_cap: 20\n", true));

        assertThat(draft.rehearsed()).isEqualTo(new Rehearsed(0, 0, Map.of(), List.of()));
        assertThat(await(office.tryOut("budget.yaml", "budget: 5\n", true)).rehearsed())
                .isNull();
    }

    @Test
    void files_ofTheBundle_areTold() throws Exception {
        assertThat(await(office.files())).containsOnlyKeys("budget.yaml", "scan.yaml");
    }

    private static final class NoCalls implements AuditIndex {
        @Override
        public Future<AgentPast> past(AgentPast.Question question) {
            return Future.succeededFuture(AgentPast.NONE);
        }

        @Override
        public Future<List<ExchangeRow>> recent(Filter filter, int limit) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Optional<ExchangeRow>> find(String exchangeId) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<List<SessionRow>> sessions(SessionQuery query) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<List<SpendGroup>> spend(SpendQuery query) {
            return Future.succeededFuture(List.of());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
