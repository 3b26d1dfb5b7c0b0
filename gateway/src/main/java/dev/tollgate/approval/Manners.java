package dev.tollgate.approval;

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
 */
public record Manners(Drip drip, Duration quiet, Duration patience) {
    /** Clients of which nothing is known: most libraries and proxies give up on a call after ten minutes, whatever they have read. */
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(9);
    /** Longer than any ticket is open: the client itself ends the wait, and comes back. */
    private static final Duration FOR_EVER = Duration.ofDays(365);

    /** What was measured, by what {@code User-Agent} looks like: gateway/docs/holds.md. */
    private static final List<ClientEntry> KNOWN = List.of(
            // Gives up after five minutes, tries ten times, and joins its ticket each time; pings it bears no longer.
            new ClientEntry("claude-cli/*", Drip.SILENT, null, FOR_EVER),
            // Bears silence longer than bytes that mean nothing.
            new ClientEntry("codex*", Drip.SILENT, null, Duration.ofMinutes(10)),
            new ClientEntry("GeminiCLI/*", Drip.HEARTBEAT, null, Duration.ofMinutes(5)),
            new ClientEntry("opencode/*", Drip.HEARTBEAT, null, Duration.ofMinutes(10)),
            // Five seconds without a byte, unless its user has set more.
            new ClientEntry("python-httpx/*", Drip.HEARTBEAT, Duration.ofSeconds(3), null),
            // Five minutes for the whole call.
            new ClientEntry("*aiohttp/*", Drip.HEARTBEAT, null, Duration.ofSeconds(270)));

    /** @param userAgent of the client; null where it names none */
    public static Manners of(ApprovalPolicy policy, @Nullable String userAgent) {
        String name = Objects.requireNonNullElse(userAgent, "");
        ClientEntry told = find(policy.clients(), name);
        ClientEntry known = find(KNOWN, name);
        Duration patience = told == null || told.patience() == null ? policy.patience() : told.patience();
        return new Manners(
                told != null && told.drip() != null ? told.drip() : known == null ? Drip.HEARTBEAT : drip(known),
                told != null && told.quiet() != null ? told.quiet() : shorter(known, policy.quiet()),
                patience != null ? patience : known == null ? USUAL_PATIENCE : patience(known));
    }

    private static Drip drip(ClientEntry known) {
        return Objects.requireNonNullElse(known.drip(), Drip.HEARTBEAT);
    }

    private static Duration patience(ClientEntry known) {
        return Objects.requireNonNullElse(known.patience(), USUAL_PATIENCE);
    }

    private static Duration shorter(@Nullable ClientEntry known, Duration quiet) {
        return known == null || known.quiet() == null || known.quiet().compareTo(quiet) > 0 ? quiet : known.quiet();
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
