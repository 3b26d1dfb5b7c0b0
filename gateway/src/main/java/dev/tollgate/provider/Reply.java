package dev.tollgate.provider;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Target;
import io.vertx.core.http.HttpClientResponse;

/**
 * The head of a provider's answer; its body waits until a handler is set and it is resumed.
 *
 * @param response the answer, paused
 * @param target what gave it
 * @param facts of the request as it was sent to that target
 * @param attempts how many times a provider was called for it
 */
public record Reply(HttpClientResponse response, Target target, Facts facts, int attempts) {}
