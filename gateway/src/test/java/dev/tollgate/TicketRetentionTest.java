package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.approval.Tickets;
import dev.tollgate.approval.Vote;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.store.memory.MemoryTicketStore;
import dev.tollgate.value.TicketId;
import dev.tollgate.wire.Wires;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TicketRetentionTest {
    private final List<AuditRecord> records = new ArrayList<>();
    private final MemoryTicketStore tickets = new MemoryTicketStore();
    private Instant now = Tickets.NOW;

    private TicketRetention retention(String... overrides) throws Exception {
        PolicySource policies = PolicySource.start(
                new PolicyLoader(null, List.of(overrides), Environment.SYSTEM),
                Serving.compilers(new Wires(), Environment.SYSTEM, "http://127.0.0.1:9", null),
                () -> now);
        return new TicketRetention(
                policies,
                tickets,
                record -> {
                    records.add(record);
                    return Future.succeededFuture();
                },
                () -> now);
    }

    /** So many denied tickets, and one that is open. */
    private void fill(int denied) {
        for (int i = 0; i < denied; i++) {
            tickets.openOrJoin(Tickets.pending("A" + i, "f" + i)).await();
            tickets.decide(new TicketId("A" + i), new Vote("ann", false, "", now.plusSeconds(1)))
                    .await();
        }
        tickets.openOrJoin(Tickets.pending("OPEN", "open")).await();
    }

    @Test
    void ticketsThatAreOver_goAfterTheirTime_andTheirNumberIsRecorded() throws Exception {
        TicketRetention retention = retention("approval.keep=7d");
        int many = TicketStore.MAX_IDS + 3;
        fill(many);
        now = now.plus(Duration.ofDays(7));
        assertThat(retention.look().succeeded()).isTrue();
        assertThat(tickets.list(State.DENIED, 9999).await()).as("not yet").hasSize(many);

        now = now.plus(Duration.ofMinutes(10));
        assertThat(retention.look().succeeded()).isTrue();
        now = now.plus(Duration.ofMinutes(10));
        assertThat(retention.look().succeeded()).isTrue();

        assertThat(tickets.list(State.DENIED, 9999).await()).isEmpty();
        assertThat(tickets.list(State.PENDING, 9).await()).hasSize(1);
        assertThat(records).singleElement().isInstanceOfSatisfying(Administrative.class, record -> {
            assertThat(record.action()).isEqualTo("tickets_dropped");
            assertThat(record.subject()).isEqualTo(Integer.toString(many));
            assertThat(record.details()).containsEntry("keep_days", "7");
        });
    }

    /** Where nodes share their tickets, each is let go by one of them. */
    @Test
    void twoNodes_countEachTicketOnce() throws Exception {
        TicketRetention one = retention();
        TicketRetention other = retention();
        fill(5);
        now = now.plus(Duration.ofDays(91));

        assertThat(Future.all(one.look(), other.look()).succeeded()).isTrue();

        assertThat(records).hasSize(1);
    }
}
