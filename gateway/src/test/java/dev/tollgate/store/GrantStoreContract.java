package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.approval.GrantStore;
import dev.tollgate.approval.Grants;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link GrantStore} must do. */
@Timeout(60)
public abstract class GrantStoreContract {
    private static final Instant NOW = Grants.NOW;
    private static final NanoUsd DOLLAR = NanoUsd.ofDollars("1");
    private static final int CROWD = 24;

    /** The store under test, empty at first, the same for the whole test. */
    protected abstract GrantStore store();

    @Test
    void add_always_keepsTheWholeGrant() throws Exception {
        StandingGrant grant = Grants.of("G1", "coder", "5");
        StandingGrant unlimited = Grants.of("G2", "coder", null);

        await(store().add(grant));
        await(store().add(unlimited));

        assertThat(await(store().find("G1"))).contains(grant);
        assertThat(await(store().find("G2"))).contains(unlimited);
        assertThat(await(store().find("G3"))).isEmpty();
        assertThat(await(store().list(5))).containsExactlyInAnyOrder(grant, unlimited);
    }

    @Test
    void live_always_areThoseOfTheAgentThatAreNotOver() throws Exception {
        await(store().add(Grants.of("G1", "coder", "5")));
        await(store().add(Grants.of("G2", "other", "5")));
        await(store().add(Grants.of("G3", "coder", "5")));
        await(store().revoke("G3", "ann", NOW));

        assertThat(await(store().live("coder", NOW)))
                .extracting(StandingGrant::id)
                .containsExactly("G1");
        assertThat(await(store().live("coder", NOW.plus(Grants.LASTS)))).isEmpty();
    }

    @Test
    void take_manyAtOnce_neverSpendsMoreThanTheLimit() throws Exception {
        await(store().add(Grants.of("G1", "coder", "5")));
        List<Future<Boolean>> asked = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            asked.add(store().take("G1", DOLLAR, NOW));
        }

        List<Boolean> answers = new ArrayList<>();
        for (Future<Boolean> answer : asked) {
            answers.add(await(answer));
        }

        assertThat(answers).filteredOn(taken -> taken).hasSize(5);
        StandingGrant.Use use = await(store().find("G1")).orElseThrow().use();
        assertThat(use.spent()).isEqualTo(NanoUsd.ofDollars("5"));
        assertThat(use.calls()).isEqualTo(5);
    }

    @Test
    void take_exactlyTheLimit_isTrue_andOneNanoDollarMoreIsNot() throws Exception {
        await(store().add(Grants.of("G1", "coder", "5")));

        assertThat(await(store().take("G1", new NanoUsd(5_000_000_001L), NOW))).isFalse();
        assertThat(await(store().take("G1", NanoUsd.ofDollars("5"), NOW))).isTrue();
        assertThat(await(store().take("G1", new NanoUsd(1), NOW))).isFalse();
        assertThat(await(store().take("G1", NanoUsd.ZERO, NOW))).isTrue();
    }

    @Test
    void take_overOrRevokedOrUnknown_isFalse() throws Exception {
        await(store().add(Grants.of("G1", "coder", null)));

        assertThat(await(store().take("G1", DOLLAR, NOW.plus(Grants.LASTS)))).isFalse();
        assertThat(await(store().take("G1", DOLLAR, NOW.plus(Grants.LASTS).minus(Duration.ofMillis(1)))))
                .isTrue();
        await(store().revoke("G1", "ann", NOW));
        assertThat(await(store().take("G1", DOLLAR, NOW))).isFalse();
        assertThat(await(store().take("G9", DOLLAR, NOW))).isFalse();
    }

    @Test
    void settle_lessThanTaken_givesTheRestBack() throws Exception {
        await(store().add(Grants.of("G1", "coder", "5")));
        await(store().take("G1", NanoUsd.ofDollars("5"), NOW));

        await(store().settle("G1", -NanoUsd.ofDollars("4").nanos()));

        assertThat(await(store().take("G1", NanoUsd.ofDollars("4"), NOW))).isTrue();
        assertThat(await(store().take("G1", new NanoUsd(1), NOW))).isFalse();
    }

    @Test
    void revoke_twice_keepsTheFirstEnd() throws Exception {
        await(store().add(Grants.of("G1", "coder", "5")));
        await(store().revoke("G1", "ann", NOW));

        StandingGrant revoked =
                await(store().revoke("G1", "bob", NOW.plusSeconds(5))).orElseThrow();

        assertThat(revoked.use().revokedBy()).isEqualTo("ann");
        assertThat(revoked.use().revokedAt()).isEqualTo(NOW);
        assertThat(await(store().revoke("G9", "ann", NOW))).isEmpty();
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
