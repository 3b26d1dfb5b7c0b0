package dev.tollgate.provider;

import dev.tollgate.exchange.Target;
import io.vertx.core.http.HttpClientResponse;

/**
 * The head of a provider's answer; its body waits until a handler is set and it is resumed.
 *
 * @param response the answer, paused
 * @param target what gave it
 * @param attempts how many times a provider was called for it
 */
public record Reply(HttpClientResponse response, Target target, int attempts) {}
