package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.pipeline.Notice;
import dev.tollgate.pipeline.Notifier;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.store.redis.RedisProcess;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.Wires;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Marks of a budget that were reached, or half told, when the gateway was killed, are told by its next life; those that were told are not. */
class BudgetAlertsKilledTest {
    private static final String COUNTER = "total/all/lifetime";
    private static final String POLICY = """
            budget:
              budgets:
                - {id: total, scope: all, period: lifetime, limit: 0.00001, notify_at: [50, 100]}
                - {id: calls, scope: session, period: lifetime, limit: 4, unit: requests, notify_at: [50]}
            """;

    @TempDir
    private Path folder;

    private final List<Notice> notices = new ArrayList<>();
    private PolicySource policies;
    private PolicyLoader loader;
    private int calls;

    @BeforeEach
    void load() throws Exception {
        load(List.of());
    }

    private void load(List<String> settings) throws Exception {
        Path bundle = Files.createDirectories(folder.resolve("policies"));
        Files.writeString(bundle.resolve("policy.yaml"), POLICY);
        loader = new PolicyLoader(bundle, settings, Environment.SYSTEM);
        policies = PolicySource.start(
                loader,
                Serving.compilers(new Wires(), Environment.SYSTEM, "http://127.0.0.1:9", bundle),
                InstantSource.system());
    }

    @Test
    void markReachedBeforeAKill_isToldAfterIt_once() throws Exception {
        assertToldOnce();
    }

    @Test
    void markReachedBeforeAKill_isToldAfterIt_once_withCountersInRedis() throws Exception {
        try (RedisProcess redis = new RedisProcess()) {
            load(List.of("store.redis=" + redis.uri()));

            assertToldOnce();
        }
    }

    private void assertToldOnce() throws Exception {
        life(notices::add, false, 6_000);
        assertThat(notices).as("killed before anybody looked").isEmpty();

        life(notices::add, true);
        assertThat(notices).extracting(notice -> notice.facts().get("percent")).containsExactly("50");
        life(notices::add, true);
        assertThat(notices).as("told before").hasSize(1);

        life(notices::add, true, 4_000);
        assertThat(notices).extracting(notice -> notice.facts().get("percent")).containsExactly("50", "100");
        life(notices::add, true);
        assertThat(notices).hasSize(2);
    }

    @Test
    void markWhoseNoticeWasUnderWay_isToldAgain() throws Exception {
        assertToldAgain();
    }

    @Test
    void markWhoseNoticeWasUnderWay_isToldAgain_withCountersInRedis() throws Exception {
        try (RedisProcess redis = new RedisProcess()) {
            load(List.of("store.redis=" + redis.uri()));

            assertToldAgain();
        }
    }

    private void assertToldAgain() throws Exception {
        Promise<Void> never = Promise.promise();
        Notifier stuck = new Notifier() {
            @Override
            public void tell(Notice notice) {
                notices.add(notice);
            }

            @Override
            public Future<Void> deliver(Notice notice) {
                tell(notice);
                return never.future();
            }
        };
        Stores stores = open();
        spend(stores, 6_000);
        BudgetAlerts alerts = new BudgetAlerts(policies, stores, stuck, InstantSource.system());
        Future<Void> looking = alerts.look();
        for (int i = 0; i < 2000 && notices.isEmpty(); i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(notices).hasSize(1);
        assertThat(looking.isComplete()).isFalse();
        stores.close();

        life(notices::add, true);
        assertThat(notices).hasSize(2);
        life(notices::add, true);
        assertThat(notices).hasSize(2);
    }

    @Test
    void everyCounter_isLookedAt_howeverManyThereAre() throws Exception {
        Map<String, Long> spent = new HashMap<>();
        for (int i = 0; i < 12_000; i++) {
            spent.put("requests:calls/session/s" + i + "/lifetime", i % 100 == 0 ? 2L : 1L);
        }
        Stores stores = open();
        stores.ledger().restore(spent, List.of()).await(10, TimeUnit.SECONDS);

        look(stores, notices::add);

        assertThat(notices)
                .extracting(notice -> notice.facts().get("counter"))
                .hasSize(120)
                .doesNotHaveDuplicates();
        stores.close();
    }

    /** One life of a gateway: it spends, looks or does not, and is killed. */
    private void life(Notifier notifier, boolean looks, long... spends) throws Exception {
        Stores stores = open();
        for (long spend : spends) {
            spend(stores, spend);
        }
        if (looks) {
            look(stores, notifier);
        }
        stores.close();
    }

    private void look(Stores stores, Notifier notifier) throws Exception {
        BudgetAlerts alerts = new BudgetAlerts(policies, stores, notifier, InstantSource.system());
        assertThat(alerts.look().map(said -> true).await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(alerts.look().map(said -> true).await(10, TimeUnit.SECONDS)).isTrue();
    }

    private Stores open() throws Exception {
        return StoreOpening.open(loader.load().bundle(), folder.resolve("data"), InstantSource.system());
    }

    private void spend(Stores stores, long nanos) throws Exception {
        ExchangeId id = new ExchangeId("ex_" + calls++);
        NanoUsd cost = new NanoUsd(nanos);
        Reservation held = ((Granted) stores.ledger()
                        .reserve(
                                id,
                                List.of(Entries.counter(COUNTER, "total", 10_000, Instant.MAX)),
                                Amounts.of(cost),
                                Duration.ofMinutes(1))
                        .await(10, TimeUnit.SECONDS))
                .reservation();
        Instant now = Instant.now();
        Received received = new Received(
                id,
                now,
                "",
                "POST",
                "openai/chat",
                "chat",
                "k",
                "a",
                "t",
                "",
                "m",
                List.of(),
                1,
                "",
                List.of(),
                List.of(),
                held,
                cost);
        Ended ended = new Ended(id, now, "completed", 200, "", "openai/m", 1, Usage.NONE, cost, 1, 1, 1);
        stores.log()
                .append(received)
                .compose(kept -> stores.log().append(ended))
                .await(10, TimeUnit.SECONDS);
        stores.ledger().settle(id, held, Spend.of(cost)).await(10, TimeUnit.SECONDS);
    }
}
