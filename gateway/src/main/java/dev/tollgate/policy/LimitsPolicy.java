package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;

/**
 * What a client may send and how long it may take. Passing a limit is answered with 4xx and the limit's name.
 *
 * @param requestLine longest request line
 * @param head largest request head
 * @param headerCount most header fields
 * @param body largest body, on the wire and decoded
 * @param decompressionRatio most decoded bytes per compressed byte
 * @param headTime longest time for a head to arrive
 * @param bodyIdle longest pause while a body arrives
 * @param keepAlive how long an idle connection stays open
 * @param openPerKey most exchanges open at once for one key
 * @param reply largest reply that is passed on
 * @param replyIdle longest pause of a provider while a reply arrives
 * @param connect longest time to connect to a provider
 * @param firstByte longest wait for a provider's answer to begin
 * @param sseEvent largest single event of a stream
 */
public record LimitsPolicy(
        ByteSize requestLine,
        ByteSize head,
        Integer headerCount,
        ByteSize body,
        Integer decompressionRatio,
        Duration headTime,
        Duration bodyIdle,
        Duration keepAlive,
        Integer openPerKey,
        ByteSize reply,
        Duration replyIdle,
        Duration connect,
        Duration firstByte,
        ByteSize sseEvent) {
    @SuppressWarnings("NullAway") // Every missing value becomes its default in the constructor.
    public static final LimitsPolicy DEFAULT =
            new LimitsPolicy(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    public LimitsPolicy {
        requestLine = or(requestLine, ByteSize.parse("8KiB"));
        head = or(head, ByteSize.parse("32KiB"));
        headerCount = or(headerCount, 200);
        body = or(body, ByteSize.mebibytes(32));
        decompressionRatio = or(decompressionRatio, 100);
        headTime = or(headTime, Duration.ofSeconds(10));
        bodyIdle = or(bodyIdle, Duration.ofSeconds(15));
        keepAlive = or(keepAlive, Duration.ofSeconds(75));
        openPerKey = or(openPerKey, 1000);
        reply = or(reply, ByteSize.mebibytes(256));
        replyIdle = or(replyIdle, Duration.ofMinutes(5));
        connect = or(connect, Duration.ofSeconds(5));
        firstByte = or(firstByte, Duration.ofMinutes(10));
        sseEvent = or(sseEvent, ByteSize.mebibytes(8));
        Defaults.require(body.bytes() <= 1L << 30, "body is " + body + ", at most 1GiB is allowed");
        Defaults.require(openPerKey > 0, "open_per_key is " + openPerKey + ", it must be above 0");
    }
}
