package dev.tollgate.console;

import dev.tollgate.approval.QueuePlace;
import dev.tollgate.approval.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tickets of one page: as many as fit, those that should be decided first before the others.
 *
 * @param tickets each as a piece of the page, rendered by a template which has escaped what it shows
 * @param mayDecide how many of them whoever looks may decide
 * @param from how many come before them, on pages before
 * @param waiting how many wait in all
 * @param behind place of the page; empty for the first
 * @param next place of the page behind it; empty where there is none
 */
record QueueStretch(List<String> tickets, int mayDecide, int from, int waiting, String behind, String next) {
    /** Room for all tickets of a page, in bytes: with what stands around them the page stays below {@link Limits#MAX_PAGE_BYTES}. */
    private static final int MAX_BYTES = 150 * 1024;

    /** A ticket takes no more: what its call says is cut in the queue, and stands whole on its own page. */
    private static final int MAX_TICKET_BYTES = 24 * 1024;

    /** The same where more than {@link #FEW} wait: then it is worth more to see many. */
    private static final int MAX_TICKET_BYTES_OF_MANY = 9 * 1024;

    private static final int FEW = 6;

    /** Room for what a call says, the first that brings the ticket below its limit. */
    private static final int[] ROOMS = {20 * 1024, 5 * 1024, 2 * 1024};

    QueueStretch {
        tickets = List.copyOf(tickets);
    }

    /**
     * @param inOrder all that wait, those first that should be decided first
     * @param behind begin behind this place; null for the first page. Where nothing waits behind it, the first page is shown
     */
    static QueueStretch of(List<Ticket> inOrder, @Nullable QueuePlace behind, Call call, Shell shell) {
        int from = behind == null
                ? 0
                : (int) inOrder.stream()
                        .filter(ticket -> QueuePlace.of(ticket).compareTo(behind) <= 0)
                        .count();
        if (behind == null || from == inOrder.size()) {
            return of(inOrder, 0, "", call, shell);
        }
        return of(inOrder, from, behind.toString(), call, shell);
    }

    private static QueueStretch of(List<Ticket> inOrder, int from, String behind, Call call, Shell shell) {
        List<String> tickets = new ArrayList<>();
        int mayDecide = 0;
        int left = MAX_BYTES;
        String last = behind;
        int most = inOrder.size() > FEW ? MAX_TICKET_BYTES_OF_MANY : MAX_TICKET_BYTES;
        for (Ticket ticket : inOrder.subList(from, inOrder.size())) {
            String html = html(ticket, most, behind, call, shell);
            left -= Reply.bytes(html);
            if (left < 0 && !tickets.isEmpty()) {
                return new QueueStretch(tickets, mayDecide, from, inOrder.size(), behind, last);
            }
            tickets.add(html);
            mayDecide += view(ticket, 0, call, shell).mayDeny() ? 1 : 0;
            last = QueuePlace.of(ticket).toString();
        }
        return new QueueStretch(tickets, mayDecide, from, inOrder.size(), behind, "");
    }

    private static String html(Ticket ticket, int most, String behind, Call call, Shell shell) {
        String html = "";
        for (int room : ROOMS) {
            html = shell.templates().render("queueTicket", new Entry(view(ticket, room, call, shell), behind));
            if (Reply.bytes(html) <= most) {
                return html;
            }
        }
        return html;
    }

    private static TicketView view(Ticket ticket, int room, Call call, Shell shell) {
        return TicketView.of(call, ticket, shell.now(), new PageRoom(room));
    }

    /**
     * A ticket with the page on which it stands.
     *
     * @param behind place of that page
     */
    record Entry(TicketView ticket, String behind) {}

    boolean isFirst() {
        return behind.isEmpty();
    }

    /** Whether there are several that whoever looks may decide. */
    boolean offersBatch() {
        return mayDecide > 1;
    }

    /** How many wait behind these. */
    int more() {
        return waiting - from - tickets.size();
    }

    /** Where the page behind these is. */
    String nextAddress() {
        return address(next);
    }

    /** The page with this place. */
    static String address(String behind) {
        return "/approvals" + (behind.isEmpty() ? "" : "?behind=" + Format.url(behind));
    }
}
