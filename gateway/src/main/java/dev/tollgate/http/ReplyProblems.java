package dev.tollgate.http;

import dev.tollgate.exchange.Target;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.value.TimeSpan;
import dev.tollgate.wire.Problem;

/**
 * What a client is told of a reply that went wrong after its head.
 *
 * @param target what sent it
 * @param limits the limits it may have passed
 */
record ReplyProblems(Target target, LimitsPolicy limits) {
    Problem tooLarge() {
        return Problem.of(
                Problem.Kind.UPSTREAM,
                "reply_too_large",
                target + " sent more than the limit reply of " + limits.reply());
    }

    Problem brokeOff() {
        return Problem.of(
                Problem.Kind.UPSTREAM, "provider_broke_off", target + " broke off in the middle of its answer");
    }

    Problem cutShort() {
        return Problem.of(
                Problem.Kind.UPSTREAM,
                "provider_cut_short",
                target + " ended its stream without the event that ends an answer");
    }

    Problem notSearched() {
        return Problem.of(
                Problem.Kind.UNAVAILABLE,
                "enforcement_unavailable",
                "the answer of " + target + " could not be searched");
    }

    Problem stalled() {
        return Problem.of(
                Problem.Kind.UPSTREAM_TIMEOUT,
                "provider_stalled",
                target + " sent nothing for the limit reply_idle of " + TimeSpan.text(limits.replyIdle()));
    }
}
