package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.TicketLinks.Followed;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicketLinksTest {
    private static final Ticket TICKET = linked("A1", "11");

    private static Ticket linked(String id, String key) {
        Ticket ticket = Tickets.pending(id, "f1");
        return ticket.with(ticket.details().with(new Link(key.repeat(32), List.of())));
    }

    private static boolean isGood(String token, Ticket found) {
        return TicketLinks.follow(token)
                .filter(link -> link.isGood(found, Tickets.NOW))
                .isPresent();
    }

    @Test
    void link_isGoodForItsTicket_once_untilItsDeadline() {
        Followed link =
                TicketLinks.follow(TicketLinks.token(TICKET, "mail:ann")).orElseThrow();

        assertThat(link.ticket()).isEqualTo(TICKET.id());
        assertThat(link.isGood(TICKET, Tickets.NOW)).isTrue();
        assertThat(link.isGood(TICKET, TICKET.deadline())).isFalse();
        Ticket used = TICKET.with(TICKET.details().with(TICKET.details().link().usedBy("mail:ann")));
        assertThat(link.isGood(used, Tickets.NOW)).isFalse();
        assertThat(isGood(TicketLinks.token(used, "mail:bob"), used))
                .as("another's link")
                .isTrue();
    }

    @Test
    void link_forged_isNoGood() {
        String token = TicketLinks.token(TICKET, "mail:ann");
        String said = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        String forged = Base64.getUrlEncoder()
                .encodeToString(said.replace("mail:ann", "mail:eve").getBytes(StandardCharsets.UTF_8));

        assertThat(isGood(forged, TICKET)).isFalse();
        assertThat(isGood(TicketLinks.token(linked("A1", "22"), "mail:ann"), TICKET))
                .isFalse();
        assertThat(isGood(TicketLinks.token(Tickets.pending("A1", "f1"), "x"), Tickets.pending("A1", "f1")))
                .as("a ticket without a key")
                .isFalse();
        assertThat(TicketLinks.follow("%%%")).isEmpty();
        assertThat(TicketLinks.follow("QUJD")).isEmpty();
    }
}
