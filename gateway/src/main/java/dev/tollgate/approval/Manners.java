package dev.tollgate.approval;

import dev.tollgate.exchange.Headers;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.ApprovalPolicy.ClientEntry;
import dev.tollgate.policy.ApprovalPolicy.Drip;
import dev.tollgate.value.NamePattern;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one client is kept waiting: what its kind was seen to bear, unless the policy says otherwise.
 *
 * @param drip what keeps its connection alive
 * @param quiet how long it stays silent before heartbeats begin
 * @param patience how long it waits; then it is told to ask again later
 * @param comesBack whether its attempts end by themselves before that, each time but the last with another one
 */
public record Manners(Drip drip, Duration quiet, Duration patience, boolean comesBack) {
    /** Clients of which nothing is known: most libraries and proxies give up on a call after ten minutes, whatever they have read. */
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(9);
    /** Longer than any ticket is open: the client itself ends the wait, and comes back. */
    private static final Duration FOR_EVER = Duration.ofDays(365);
    /** How long such a client comes back: Claude Code was seen to end its eleventh attempt, the last, after 69 minutes. */
    private static final Duration COMES_BACK = Duration.ofMinutes(60);
    /** How long its last attempt is sure to last. */
    private static final Duration LAST_ATTEMPT = Duration.ofSeconds(270);

    /**
     * A kind of client as it was measured.
     *
     * @param entry by its {@code User-Agent}, and what it bears
     * @param header what its calls carry besides, where the name alone does not tell it from others; else empty
     * @param endsItself whether it ends the call soon after its patience, whatever has come meanwhile, and asks anew in other words or not at all
     */
    private record Known(ClientEntry entry, String header, boolean endsItself) {
        Known(String userAgent, Drip drip, @Nullable Duration quiet, @Nullable Duration patience) {
            this(new ClientEntry(userAgent, drip, quiet, patience), "", false);
        }

        boolean isSentBy(String name, Headers headers) {
            return new NamePattern(List.of(entry.userAgent())).matches(name)
                    && (header.isEmpty() || headers.contains(header));
        }

        /** Where silence itself is what it bears, heartbeats that begin earlier shorten the wait. */
        Duration quiet(Duration usual) {
            Duration measured = entry.quiet();
            if (measured == null) {
                return usual;
            }
            boolean isLonger = measured.compareTo(usual) > 0;
            return isLonger == !header.isEmpty() ? measured : usual;
        }
    }

    /** What was measured: gateway/docs/holds.md. The first that matches counts. */
    private static final List<Known> KNOWN = List.of(
            // OpenClaw, by the SDK of OpenAI, and unlike it within a trace: it waits 300 s for the head, and 300 s from
            // then on for an event of its wire, for which it does not take comments.
            new Known(
                    new ClientEntry("OpenAI/JS *", Drip.HEARTBEAT, Duration.ofSeconds(280), Duration.ofMinutes(9)),
                    "traceparent",
                    true),
            // OpenClaw on its other wires, by the fetch of its platform: it takes heartbeats for life, and ends its run
            // after 600 s.
            new Known(new ClientEntry("undici", Drip.HEARTBEAT, null, Duration.ofMinutes(9)), "traceparent", true),
            // Gives up after five minutes, tries ten times, and joins its ticket each time; pings it bears no longer.
            new Known("claude-cli/*", Drip.SILENT, null, FOR_EVER),
            // Bears silence longer than bytes that mean nothing.
            new Known("codex*", Drip.SILENT, null, Duration.ofMinutes(10)),
            new Known("GeminiCLI/*", Drip.HEARTBEAT, null, Duration.ofMinutes(5)),
            new Known("opencode/*", Drip.HEARTBEAT, null, Duration.ofMinutes(10)),
            // Five seconds without a byte, unless its user has set more.
            new Known("python-httpx/*", Drip.HEARTBEAT, Duration.ofSeconds(3), null),
            // Five minutes for the whole call.
            new Known(new ClientEntry("*aiohttp/*", Drip.HEARTBEAT, null, Duration.ofSeconds(270)), "", true));

    /**
     * How long an attempt is kept waiting on a ticket that is not new: who comes back by itself does so for a while only, and is to be told
     * before its last attempt ends.
     */
    public Duration patience(Duration ticketAge) {
        boolean isLast = comesBack && ticketAge.compareTo(COMES_BACK) >= 0;
        return isLast && LAST_ATTEMPT.compareTo(patience) < 0 ? LAST_ATTEMPT : patience;
    }

    /** Of a client that does not come back by itself. */
    Manners(Drip drip, Duration quiet, Duration patience) {
        this(drip, quiet, patience, false);
    }

    /** @param headers of the client's call */
    public static Manners of(ApprovalPolicy policy, Headers headers) {
        String name = Objects.requireNonNullElse(headers.get("user-agent"), "");
        ClientEntry told = find(policy.clients(), name);
        Known known = known(name, headers);
        Duration patience =
                told == null || told.patience() == null ? forAll(policy.patience(), known) : told.patience();
        return new Manners(
                told != null && told.drip() != null ? told.drip() : drip(known),
                told != null && told.quiet() != null
                        ? told.quiet()
                        : known == null ? policy.quiet() : known.quiet(policy.quiet()),
                patience != null ? patience : patience(known),
                // A patience for all clients says nothing of how long one of them tries; one that is told for it does.
                (told == null || told.patience() == null) && patience(known).equals(FOR_EVER));
    }

    /** A patience for all clients makes none bear more than it does: told in time, it says so; ended by itself, it says nothing. */
    private static @Nullable Duration forAll(@Nullable Duration patience, @Nullable Known known) {
        boolean isMore =
                patience != null && known != null && known.endsItself && patience.compareTo(patience(known)) > 0;
        return isMore ? null : patience;
    }

    private static Drip drip(@Nullable Known known) {
        return known == null ? Drip.HEARTBEAT : Objects.requireNonNullElse(known.entry.drip(), Drip.HEARTBEAT);
    }

    private static Duration patience(@Nullable Known known) {
        return known == null ? USUAL_PATIENCE : Objects.requireNonNullElse(known.entry.patience(), USUAL_PATIENCE);
    }

    private static @Nullable Known known(String name, Headers headers) {
        for (Known kind : KNOWN) {
            if (kind.isSentBy(name, headers)) {
                return kind;
            }
        }
        return null;
    }

    private static @Nullable ClientEntry find(List<ClientEntry> entries, String name) {
        for (ClientEntry entry : entries) {
            if (new NamePattern(List.of(entry.userAgent())).matches(name)) {
                return entry;
            }
        }
        return null;
    }
}
