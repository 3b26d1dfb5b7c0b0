package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client may send and how long it may take. Passing a limit is answered with 4xx and the limit's name.
 *
 * @param requestLine longest first line of a request: method, path and query
 * @param head largest head of a request: first line and header fields together
 * @param headerCount most header fields of a request
 * @param body largest body of a request, as it comes and decompressed
 * @param decompressionRatio most bytes that one compressed byte of a body may become
 * @param headTime longest time for a head to arrive
 * @param bodyIdle longest pause while a body arrives
 * @param keepAlive how long a client's idle connection stays open
 * @param connections most connections of clients on a node, those that wait for a person included; further ones are closed at once
 * @param open most calls under way at once on a node; further ones wait for a place. Calls that wait for a person are not among them, and of those that have waited as many go on at once
 * @param queued most calls that wait for a place on a node; further ones are answered 503, and so is what waits longer than {@code queueTime}. 0 answers 503 at once
 * @param queueTime longest wait for a place
 * @param openPerKey most calls under way at once for one key, those that wait for a person included
 * @param bodies most bytes of request bodies in memory at once on a node, of bodies that are still to come the first 128 KiB; without it an eighth of the heap
 * @param reply largest reply of a provider that is passed on
 * @param replyIdle longest pause of a provider while a reply arrives
 * @param connect longest time to connect to a provider
 * @param firstByte longest wait for a provider's answer to begin
 * @param sseEvent largest single event of a streamed reply
 */
public record LimitsPolicy(
        @Range(min = "256", max = "1MiB") ByteSize requestLine,
        @Range(min = "1KiB", max = "16MiB") ByteSize head,
        @Range(min = "1", max = "10000") Integer headerCount,
        @Range(min = "1", max = "1GiB") ByteSize body,
        @Range(min = "1", max = "10000") Integer decompressionRatio,
        @Range(min = "1ms") Duration headTime,
        @Range(min = "1ms") Duration bodyIdle,
        @Range(min = "1ms") Duration keepAlive,
        @Range(min = "1") Integer connections,
        @Range(min = "1") Integer open,
        @Range(min = "0") Integer queued,
        @Range(min = "1ms") Duration queueTime,
        @Range(min = "1") Integer openPerKey,
        @Range(min = "1") @Nullable ByteSize bodies,
        @Range(min = "1") ByteSize reply,
        @Range(min = "1ms") Duration replyIdle,
        @Range(min = "1ms", max = "24h") Duration connect,
        @Range(min = "1ms") Duration firstByte,
        @Range(min = "1KiB", max = "1GiB") ByteSize sseEvent) {
    private static final int HEAP_SHARE_OF_BODIES = 8;

    @SuppressWarnings("NullAway") // Every missing value becomes its default in the constructor.
    public static final LimitsPolicy DEFAULT = new LimitsPolicy(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null);

    public LimitsPolicy {
        requestLine = or(requestLine, ByteSize.parse("8KiB"));
        head = or(head, ByteSize.parse("32KiB"));
        headerCount = or(headerCount, 200);
        body = or(body, ByteSize.mebibytes(32));
        decompressionRatio = or(decompressionRatio, 100);
        headTime = or(headTime, Duration.ofSeconds(10));
        bodyIdle = or(bodyIdle, Duration.ofSeconds(15));
        keepAlive = or(keepAlive, Duration.ofSeconds(75));
        connections = or(connections, 20_000);
        open = or(open, 4000);
        queued = or(queued, 10_000);
        queueTime = or(queueTime, Duration.ofSeconds(30));
        openPerKey = or(openPerKey, 1000);
        reply = or(reply, ByteSize.mebibytes(256));
        replyIdle = or(replyIdle, Duration.ofMinutes(5));
        connect = or(connect, Duration.ofSeconds(5));
        firstByte = or(firstByte, Duration.ofMinutes(10));
        sseEvent = or(sseEvent, ByteSize.mebibytes(8));
    }

    /** The limit {@code bodies} in bytes, whether it was told or not. */
    public long bodyBytes() {
        ByteSize told = bodies;
        return told == null ? Runtime.getRuntime().maxMemory() / HEAP_SHARE_OF_BODIES : told.bytes();
    }
}
