package dev.tollgate.console;

import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord.Administrative;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts on the log what people do, before they do it. */
final class Deeds {
    private static final Logger LOG = LoggerFactory.getLogger(Deeds.class);

    private final AuditLog log;
    private final InstantSource clock;

    Deeds(AuditLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /** Records an action, then does it. What was recorded and could not be done is followed by a record that says so. */
    <T> Future<T> recorded(
            String actor, String action, String subject, Map<String, String> details, Supplier<Future<T>> deed) {
        // An action that leaves no trace would be a way around the log: refused.
        Future<Void> first = append(actor, action, subject, details).recover(failure -> {
            LOG.error("could not record {}", action, failure);
            return Future.failedFuture(new Refused(
                    503,
                    "not_recorded",
                    "nothing was done, because it could not be recorded: the audit log cannot be written"));
        });
        return first.compose(done -> deed.get()
                .recover(failure -> append(actor, action + "_failed", subject, Map.of())
                        .transform(told -> Future.failedFuture(failure))));
    }

    /** Records what is done whether it can be recorded or not, and never fails. */
    Future<Void> told(String actor, String action, String subject, Map<String, String> details) {
        return append(actor, action, subject, details)
                .onFailure(failure -> LOG.error("could not record {}", action, failure))
                .otherwiseEmpty();
    }

    private Future<Void> append(String actor, String action, String subject, Map<String, String> details) {
        return log.append(new Administrative(clock.instant(), action, actor, subject, details));
    }
}
