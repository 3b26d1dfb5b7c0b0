package dev.tollgate.http;

import dev.tollgate.approval.Companions;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketDesk;
import dev.tollgate.exchange.Steps;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks for the ticket of another call of the same turn. A companion often comes first, so that it waits a little for the turn's own call, which
 * says on its ticket all that there is to decide about. Belongs to one held call.
 */
final class TurnSearch {
    /** How long the turn's own call is waited for: it takes agents a second or two, and 20 seconds where eight start at once on two busy cores. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Between the first two looks at the store; twice as long each time, because thousands may look at once. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

    private final TicketDesk desk;
    private final Steps steps;
    private final Duration wait;
    private long pausing = -1;
    private boolean over;

    /** @param patience how long the client waits: half of it is left for a ticket of its own */
    TurnSearch(TicketDesk desk, Steps steps, Duration patience) {
        this.desk = desk;
        this.steps = steps;
        Duration half = patience.dividedBy(2);
        this.wait = half.compareTo(LONGEST) < 0 ? half : LONGEST;
    }

    /**
     * @param then what is done with the ticket; empty where there is none, or nobody can tell
     */
    void start(Ticket draft, Companions companions, Consumer<Optional<Ticket>> then) {
        if (companions.mayJoin(draft.details().turn())) {
            ask(draft, draft.details().turn().isBeside() ? wait : Duration.ZERO, PAUSE, then);
        } else {
            then.accept(Optional.empty());
        }
    }

    private void ask(Ticket draft, Duration left, Duration pause, Consumer<Optional<Ticket>> then) {
        steps.when(desk.findOfTurn(draft), asked -> {
            if (over) {
                return;
            }
            boolean isFound = asked.succeeded() && asked.result().isPresent();
            if (isFound || asked.failed() || left.compareTo(pause) < 0) {
                // A store that does not answer says so when the call asks for a ticket of its own.
                then.accept(isFound ? asked.result() : Optional.empty());
            } else {
                Duration next = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
                pausing = steps.after(pause.toMillis(), () -> ask(draft, left.minus(pause), next, then));
            }
        });
    }

    void stop() {
        over = true;
        steps.cancel(pausing);
    }
}
