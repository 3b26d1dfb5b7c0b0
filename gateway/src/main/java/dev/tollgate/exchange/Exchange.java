package dev.tollgate.exchange;

import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and what the stages have found out about it so far. Immutable; the policy is the one in force when it came in and stays
 * so to its end, unless it waits for a person: then it is the one in force when it goes on. Asking for something that no stage has set yet is a bug and throws.
 *
 * @param id names it everywhere
 * @param receivedAt when its head was complete
 * @param inbound its head
 * @param endpoint what its path names
 * @param policy the policy it is judged by
 * @param identified who makes it; null before the identity stage
 * @param read its body; null before it was read
 * @param routed where it may go; null before routing
 * @param allowance what it has taken from rate limits; null where none apply
 * @param reservation money held for it; null where none is
 * @param estimate its estimated cost; null before the cost cap
 * @param grant a person's leave; null where none was needed or given
 * @param splices changes to make to the body, not overlapping
 * @param verdicts what each stage said, in order
 */
public record Exchange(
        ExchangeId id,
        Instant receivedAt,
        Inbound inbound,
        Endpoint endpoint,
        PolicySnapshot policy,
        @Nullable Caller identified,
        @Nullable Content read,
        @Nullable Route routed,
        @Nullable Allowance allowance,
        @Nullable Reservation reservation,
        @Nullable NanoUsd estimate,
        @Nullable Grant grant,
        List<Splice> splices,
        List<Verdict> verdicts) {

    public Exchange {
        splices = List.copyOf(splices);
        verdicts = List.copyOf(verdicts);
    }

    public static Exchange received(
            ExchangeId id, Instant receivedAt, Inbound inbound, Endpoint endpoint, PolicySnapshot policy) {
        return new Exchange(
                id,
                receivedAt,
                inbound,
                endpoint,
                policy,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of());
    }

    public Caller caller() {
        return require(identified, "caller");
    }

    public Content content() {
        return require(read, "content");
    }

    public Facts facts() {
        return content().facts();
    }

    public Route route() {
        return require(routed, "route");
    }

    public Exchange withCaller(Caller caller) {
        Change change = new Change(this);
        change.identified = caller;
        return change.made();
    }

    public Exchange withContent(Content content) {
        Change change = new Change(this);
        change.read = content;
        return change.made();
    }

    public Exchange withRoute(Route route) {
        Change change = new Change(this);
        change.routed = route;
        return change.made();
    }

    /** The moment for which it counts against budgets: when it came in, or when people let it go on, hours or days later. */
    public Instant countsAt() {
        Instant released = grant == null ? null : grant.at();
        return released == null ? receivedAt : released;
    }

    /** This one judged anew by another policy: what stages changed in it under the old one is undone. */
    public Exchange under(PolicySnapshot other) {
        Change change = new Change(this);
        change.policy = other;
        change.splices = List.of();
        return change.made();
    }

    public Exchange withAllowance(@Nullable Allowance taken) {
        Change change = new Change(this);
        change.allowance = taken;
        return change.made();
    }

    public Exchange withReservation(@Nullable Reservation held) {
        Change change = new Change(this);
        change.reservation = held;
        return change.made();
    }

    public Exchange withEstimate(NanoUsd cost) {
        Change change = new Change(this);
        change.estimate = cost;
        return change.made();
    }

    public Exchange withGrant(Grant given) {
        Change change = new Change(this);
        change.grant = given;
        return change.made();
    }

    public Exchange withSplices(List<Splice> more) {
        Change change = new Change(this);
        change.splices = joined(splices, more);
        return change.made();
    }

    /** This exchange with these changes to its body in place of all that were made so far. */
    public Exchange withAllSplices(List<Splice> all) {
        Change change = new Change(this);
        change.splices = all;
        return change.made();
    }

    public Exchange withVerdict(Verdict verdict) {
        Change change = new Change(this);
        change.verdicts = behind(verdicts, verdict);
        return change.made();
    }

    /** This exchange with the body changes of an earlier one: for stages that only observe. */
    public Exchange withoutChangesSince(Exchange before) {
        Change change = new Change(this);
        change.splices = before.splices;
        return change.made();
    }

    /** A copy in the making: everything as it was but for what is set. */
    private static final class Change {
        private final Exchange from;
        private PolicySnapshot policy;
        private @Nullable Caller identified;
        private @Nullable Content read;
        private @Nullable Route routed;
        private @Nullable Allowance allowance;
        private @Nullable Reservation reservation;
        private @Nullable NanoUsd estimate;
        private @Nullable Grant grant;
        private List<Splice> splices;
        private List<Verdict> verdicts;

        Change(Exchange from) {
            this.from = from;
            this.policy = from.policy;
            this.identified = from.identified;
            this.read = from.read;
            this.routed = from.routed;
            this.allowance = from.allowance;
            this.reservation = from.reservation;
            this.estimate = from.estimate;
            this.grant = from.grant;
            this.splices = from.splices;
            this.verdicts = from.verdicts;
        }

        Exchange made() {
            return new Exchange(
                    from.id,
                    from.receivedAt,
                    from.inbound,
                    from.endpoint,
                    policy,
                    identified,
                    read,
                    routed,
                    allowance,
                    reservation,
                    estimate,
                    grant,
                    splices,
                    verdicts);
        }
    }

    private static List<Verdict> behind(List<Verdict> said, Verdict verdict) {
        Verdict[] all = said.toArray(new Verdict[said.size() + 1]);
        all[said.size()] = verdict;
        return List.of(all);
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first.size() + second.size());
        all.addAll(first);
        all.addAll(second);
        return all;
    }

    private static <T> T require(@Nullable T value, String what) {
        if (value == null) {
            throw new IllegalStateException("no stage has set the " + what + " yet");
        }
        return value;
    }

    @Override
    public String toString() {
        return "Exchange[" + id + " " + inbound.method() + " " + endpoint + "]";
    }
}
