package dev.tollgate.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.console.WebhookTargets.WebhookTarget;
import dev.tollgate.pipeline.Notice;
import dev.tollgate.pipeline.Notifier;
import dev.tollgate.policy.NotifyPolicy.Format;
import dev.tollgate.policy.NotifyPolicy.Webhook;
import dev.tollgate.policy.PolicySource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the webhooks of the policy in force, each by itself: one that does not answer holds up nobody. An address that fails is tried again
 * with growing pauses, then given up with a line in the log.
 */
public final class Webhooks implements Notifier {
    /** Most deliveries under way or waiting to be tried again. */
    static final int MAX_WAITING = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int FIRST_REFUSAL = 300;

    private final Vertx vertx;
    private final PolicySource policies;
    private final HttpClient http;
    private final Pauses pauses;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Pauses between attempts.
     *
     * @param first before the second attempt; each further one is five times as long
     * @param attempts most attempts
     */
    public record Pauses(Duration first, int attempts) {
        private static final int GROWTH = 5;

        public static final Pauses USUAL = new Pauses(Duration.ofSeconds(2), 4);

        long millisAfter(int attempt) {
            long millis = Math.max(1, first.toMillis());
            for (int i = 1; i < attempt; i++) {
                millis *= GROWTH;
            }
            return millis;
        }
    }

    public Webhooks(Vertx vertx, PolicySource policies, Pauses pauses) {
        this.vertx = vertx;
        this.policies = policies;
        this.pauses = pauses;
        this.http = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) TIMEOUT.toMillis()));
    }

    @Override
    public void tell(Notice notice) {
        deliver(notice).onFailure(impossible -> LOG.error("webhooks failed", impossible));
    }

    @Override
    public Future<Void> deliver(Notice notice) {
        List<Future<Void>> deliveries = new ArrayList<>();
        for (WebhookTarget target :
                policies.current().view(WebhookTargets.class).all()) {
            if (target.hook().wants(notice.event())) {
                deliveries.add(deliver(target, notice));
            }
        }
        return Future.join(deliveries).mapEmpty();
    }

    /** Done when it is told or given up. */
    private Future<Void> deliver(WebhookTarget target, Notice notice) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            LOG.warn(
                    "webhook {} was not told of {}: {} deliveries wait already",
                    target.hook().id(),
                    notice.subject(),
                    MAX_WAITING);
            return Future.succeededFuture();
        }
        Promise<Void> over = Promise.promise();
        attempt(target, notice, 1, over);
        return over.future();
    }

    private void attempt(WebhookTarget target, Notice notice, int number, Promise<Void> over) {
        post(target, body(notice, target.hook())).onComplete(sent -> {
            if (sent.succeeded()) {
                waiting.decrementAndGet();
                over.complete();
            } else if (number < pauses.attempts()) {
                long unused = vertx.setTimer(
                        pauses.millisAfter(number), ignored -> attempt(target, notice, number + 1, over));
            } else {
                waiting.decrementAndGet();
                LOG.warn(
                        "webhook {} could not be told of {} in {} attempts: {}",
                        target.hook().id(),
                        notice.subject(),
                        number,
                        reason(sent.cause()));
                over.complete();
            }
        });
    }

    /** Without the address, which may be a secret and stands in most messages of the client. */
    private static String reason(Throwable failure) {
        return failure instanceof Refusal
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getSimpleName();
    }

    private Future<Void> post(WebhookTarget target, Buffer body) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setURI(target.path())
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("content-type", "application/json")
                .putHeader("user-agent", "tollgate");
        return http.request(request)
                .compose(open -> open.send(body))
                // What it says besides is nobody's business. A redirect is not followed: the address was named by the
                // operator, not by who answers there.
                .<Void>compose(answer -> answer.statusCode() < FIRST_REFUSAL
                        ? Future.succeededFuture()
                        : Future.failedFuture(new Refusal(answer.statusCode())))
                .timeout(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Buffer body(Notice notice, Webhook hook) {
        Format format = hook.format();
        String link = notice.link("webhook:" + hook.id());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (format == Format.JSON) {
            body.put("event", notice.event().name().toLowerCase(Locale.ROOT))
                    .put("at", notice.at().toString())
                    .put("subject", notice.subject());
        }
        body.put("text", format == Format.SLACK && !link.isEmpty() ? notice.text() + " " + link : notice.text());
        if (format == Format.JSON) {
            ObjectNode facts = body.putObject("facts");
            new TreeMap<>(notice.facts()).forEach(facts::put);
            if (!link.isEmpty()) {
                body.put("link", link);
            }
        }
        return Buffer.buffer(body.toString());
    }

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refusal(int status) {
            super("it answered " + status, null, false, false);
        }
    }
}
