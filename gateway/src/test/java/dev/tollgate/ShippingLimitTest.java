package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.ShippedLog;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.WhenUnshipped;
import dev.tollgate.policy.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agents see while the store of the audit log takes nothing. */
final class ShippingLimitTest {
    private static final ByteSize LIMIT = new ByteSize(10_000);

    @TempDir
    private Path data;

    private final Away store = new Away();

    @Test
    void limitReached_closed_refusesCallsUntilTheStoreIsBack() throws Exception {
        AuditPolicy policy = new AuditPolicy(null, null, null, LIMIT, WhenUnshipped.CLOSED);
        try (Journal journal = Journal.open(data, policy, InstantSource.system(), counter -> true);
                ShippedLog log = ShippedLog.start(journal, store, policy, InstantSource.system());
                GatewayFixture fixture = new GatewayFixture(GatewayFixture.providers())) {
            fixture.gateway.log = log;
            exceedTheLimit(log);

            Answer refused = call(fixture);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).contains("enforcement_unavailable");
            assertThat(fixture.provider.bodies).isEmpty();

            store.isBack = true;
            while (log.isBehind()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(call(fixture).status()).isEqualTo(200);
            fixture.assertNothingLeft();
        }
    }

    @Test
    void limitReached_open_goesOn() throws Exception {
        AuditPolicy policy = new AuditPolicy(null, null, null, LIMIT, WhenUnshipped.OPEN);
        try (Journal journal = Journal.open(data, policy, InstantSource.system(), counter -> true);
                ShippedLog log = ShippedLog.start(journal, store, policy, InstantSource.system());
                GatewayFixture fixture = new GatewayFixture(GatewayFixture.providers())) {
            fixture.gateway.log = log;
            exceedTheLimit(log);

            assertThat(call(fixture).status()).isEqualTo(200);
            fixture.assertNothingLeft();
        }
    }

    private static Answer call(GatewayFixture fixture) throws Exception {
        return fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("Hello"));
    }

    private static void exceedTheLimit(ShippedLog log) throws Exception {
        Map<String, String> details = Map.of("filler", "x".repeat((int) LIMIT.bytes()));
        Object unused = log.append(new Administrative(Instant.now(), "test", "test", "test", details))
                .await(10, TimeUnit.SECONDS);
        while (!log.isBehind()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static final class Away implements JournalTail.Sink {
        private volatile boolean isBack;
        private volatile Optional<Head> upTo = Optional.empty();

        @Override
        public Optional<Head> upTo() {
            return upTo;
        }

        @Override
        public boolean take(List<JournalEntry> batch, Optional<Head> after) throws IOException {
            if (!isBack) {
                throw new IOException("the store is away");
            }
            upTo = Optional.of(Head.of(batch.getLast()));
            return true;
        }

        @Override
        public void restart() {
            upTo = Optional.empty();
        }
    }
}
