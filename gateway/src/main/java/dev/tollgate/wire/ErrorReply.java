package dev.tollgate.wire;

import dev.tollgate.exchange.Headers;

/**
 * An error in a client's own format.
 *
 * @param status HTTP status
 * @param headers headers beyond content type and length, such as {@code x-should-retry} and {@code retry-after}
 * @param body JSON, UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, sent once.
public record ErrorReply(int status, Headers headers, byte[] body) {}
