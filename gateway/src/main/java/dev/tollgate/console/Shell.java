package dev.tollgate.console;

import dev.tollgate.approval.HeldOriginals;
import dev.tollgate.approval.Ticket;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.console.HealthChecks.Check;
import dev.tollgate.identity.Key;
import dev.tollgate.value.Person;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What every page needs.
 *
 * @param rooms what the console shows and changes
 * @param settings how it is served
 * @param templates the pages
 * @param links addresses of stylesheet and scripts
 * @param budgets what budgets hold
 * @param clock the time
 */
record Shell(
        Collaborators rooms,
        ConsoleSettings settings,
        Templates templates,
        Assets.Links links,
        BudgetBoard budgets,
        InstantSource clock) {

    Instant now() {
        return clock.instant();
    }

    /** Begin of the current day, UTC. */
    Instant today() {
        return now().truncatedTo(ChronoUnit.DAYS);
    }

    /** What whoever asks may change. */
    Administration administration(Call call) {
        return new Administration(rooms, clock, call.person());
    }

    /** Tokens of the API that whoever asks may change. */
    TokenOffice tokens(Call call) {
        return new TokenOffice(rooms, clock, call.person());
    }

    /** What whoever asks may see of the log. */
    AuditIndex index(Call call) {
        return VisibleIndex.of(rooms.index(), call.person());
    }

    /**
     * Tickets that can be decided and that whoever asks may see, oldest first. One past its deadline counts as denied even before it is
     * marked so.
     */
    Future<List<Ticket>> pending(Call call) {
        return rooms.tickets()
                .list(Ticket.State.PENDING, Limits.MAX_PENDING_READ)
                .map(tickets -> tickets.stream()
                        .filter(ticket ->
                                ticket.standsAt(now()) && call.person().maySee(ticket.team()))
                        .toList());
    }

    /** Tickets that are approved and whose client has not come back for its answer yet, of the teams that whoever asks may see. */
    Future<List<Ticket>> approved(Call call) {
        return rooms.tickets()
                .waitingForClients(now(), Limits.MAX_PENDING_READ)
                .map(tickets -> tickets.stream()
                        .filter(ticket -> call.person().maySee(ticket.team()))
                        .limit(Limits.MAX_ROWS_SHOWN)
                        .toList());
    }

    /** What held calls say as it came. */
    HeldOriginals originals() {
        return new HeldOriginals(rooms.replies(), clock);
    }

    /** One ticket, decided or not. Of those that whoever asks may not see, nobody is told that there are any. */
    Future<Ticket> ticket(Call call, String id) {
        return rooms.tickets()
                .find(Administration.ticketId(id))
                .map(found -> found.filter(ticket -> call.person().maySee(ticket.team()))
                        .orElseThrow(() -> Refused.notFound("there is no ticket " + id)));
    }

    /** Keys of the teams that whoever asks may see, newest first. */
    Future<List<Key>> keys(Call call) {
        return rooms.keys()
                .list(Limits.MAX_KEYS_READ)
                .map(keys -> keys.stream()
                        .filter(key -> call.person().maySee(key.team().value()))
                        .toList());
    }

    /** Where budgets stand, as far as whoever asks may see them. */
    Future<BudgetBoard.View> budgets(Call call) {
        Person person = call.person();
        return person.maySee(Person.ALL_TEAMS)
                ? budgets.view()
                : keys(call)
                        .compose(keys -> budgets.view(
                                person,
                                keys.stream().map(key -> key.id().value()).collect(Collectors.toSet())));
    }

    /** How many tickets wait for a decision; -1 where the ticket store is away: that leaves out a figure, not the page. */
    Future<Integer> waiting(Call call) {
        return pending(call).map(List::size).otherwise(-1);
    }

    /** What must work, the policy included. A refused load changes nothing for calls, so it is told without failing the check. */
    Future<List<Check>> checks() {
        PolicyDesk desk = rooms.policy();
        String inForce = "version " + desk.current().version() + " is in force";
        String detail = desk.lastFailure().isPresent() ? inForce + "; the newest load was refused" : inForce;
        return rooms.health()
                .run()
                .map(checks -> Stream.concat(checks.stream(), Stream.of(new Check("policy", true, detail)))
                        .toList());
    }

    /** The frame of a page. */
    Future<Frame> frame(Call call, Frame.Section section, String title) {
        Session session = call.session();
        return waiting(call)
                .map(waiting ->
                        new Frame(title, section, call.person(), session.csrf(), waiting, links, session.takeNotice()));
    }

    /**
     * A page from what it shows.
     *
     * @param <T> what it shows
     * @param template its template
     * @param view puts the frame and what it shows together
     */
    <T> Future<Reply> page(
            Call call, Frame.Section section, String template, Future<T> shown, BiFunction<Frame, T, Object> view) {
        return shown.compose(what -> frame(call, section, section.title())
                .map(frame -> Reply.html(200, templates.render(template, view.apply(frame, what)))));
    }

    /** A piece of a page that asks for itself again and again; it is told nothing where nothing has changed. */
    LivePiece piece(String template, Object view) {
        return LivePiece.of(templates.render(template, view));
    }
}
