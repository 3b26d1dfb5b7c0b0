package dev.tollgate.http;

import dev.tollgate.exchange.Steps;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.value.TimeSpan;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;

/**
 * A call that came while as many were under way as the node takes on: it waits for a place, for a while. Its body is left in its connection
 * meanwhile, and nothing is on the record of it; a call that is taken on late was received when it came.
 */
final class QueuedCall {
    /** What a request takes besides its fields and its body, which was counted before. */
    private static final int OWN_BYTES = 4096;

    /** What becomes of it. */
    interface Owner {
        /** Calls back if its client leaves. */
        void onGone(Runnable callback);

        /** It has its place. */
        void begin();

        /** It waited in vain. */
        void refused(String why);
    }

    private final Admission.Pass pass;
    private final long bytes;
    private final Meters meters;
    private final Owner owner;
    private final Steps steps;
    private long timer;
    private boolean over;

    private QueuedCall(Admission.Pass pass, long bytes, Meters meters, Owner owner, Steps steps) {
        this.pass = pass;
        this.bytes = bytes;
        this.meters = meters;
        this.owner = owner;
        this.steps = steps;
    }

    /** Lets a call wait for its place, or refuses it where too many bytes wait already. */
    static void queue(
            DataPlane plane,
            HttpServerRequest request,
            LimitsPolicy limits,
            Admission.Pass pass,
            Owner owner,
            Steps steps) {
        // Uncounted, what waits at the door could fill the memory before anybody has looked at its key.
        long bytes = bytes(request);
        if (!pass.take(bytes, limits.bodyBytes())) {
            pass.leave();
            owner.refused("together with what waits, their bodies exceed the limit bodies of " + limits.bodyBytes()
                    + " bytes");
            return;
        }
        new QueuedCall(pass, bytes, plane.meters(), owner, steps).start(limits.queueTime());
    }

    private void start(Duration longest) {
        meters.queued();
        owner.onGone(() -> steps.run(this::leave));
        timer = steps.after(longest.toMillis(), () -> refuse(longest));
        steps.when(pass.entered(), entered -> begin());
    }

    private void begin() {
        if (!over) {
            stop();
            pass.giveBack(bytes);
            owner.begin();
        }
    }

    private void refuse(Duration longest) {
        if (!over) {
            leave();
            owner.refused("none of them has ended within the limit queue_time of " + TimeSpan.text(longest));
        }
    }

    private void leave() {
        if (!over) {
            stop();
            pass.leave();
        }
    }

    private void stop() {
        over = true;
        steps.cancel(timer);
        meters.dequeued();
    }

    private static long bytes(HttpServerRequest request) {
        long bytes = OWN_BYTES;
        for (Map.Entry<String, String> field : request.headers()) {
            bytes += field.getKey().length() + field.getValue().length();
        }
        return bytes;
    }
}
