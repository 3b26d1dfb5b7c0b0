package dev.tollgate.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.RecordFeed;
import dev.tollgate.audit.RecordFeed.Stretch;
import dev.tollgate.audit.event.EventFormat;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.policy.AuditStream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's records as they happen, as server-sent events. The id of an event is where the next record begins: a program that comes back with
 * it as {@code Last-Event-ID} misses nothing. A program that reads slowly slows nobody down but itself.
 */
final class RecordEvents {
    private static final Logger LOG = LoggerFactory.getLogger(RecordEvents.class);
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,10})-(\\d{1,18})");
    private static final int BATCH = 200;
    private static final long POLL_MILLIS = 250;
    /** Polls without a record before something is sent all the same, so that nobody in between takes the connection for dead. */
    private static final int POLLS_TO_PING = 60;

    private final Vertx vertx;
    private final RecordFeed feed;
    private final AtomicInteger open = new AtomicInteger();

    RecordEvents(Vertx vertx, RecordFeed feed) {
        this.vertx = vertx;
        this.feed = feed;
    }

    List<Route> routes() {
        return List.of(Route.get("/api/v1/events", Access.API, Need.VIEWER_OF_ALL, this::events));
    }

    private Future<Reply> events(Call call) {
        Position from = from(call);
        Set<String> types = types(call.query().get("types"));
        EventFormat format = format(call.query().get("format"));
        if (open.get() >= Limits.MAX_STREAMS) {
            throw new Refused(
                    503, "too_many_streams", Limits.MAX_STREAMS + " programs follow the log already: close one");
        }
        return Future.succeededFuture(Reply.events(response -> new Following(response, from, types, format).start()));
    }

    private Position from(Call call) {
        String last = call.http().getHeader("Last-Event-ID");
        String asked = last == null ? call.query().get("from") : last;
        if (asked.isEmpty() || asked.equals("now")) {
            return feed.end();
        }
        if (asked.equals("start")) {
            return Position.START;
        }
        Matcher cursor = CURSOR.matcher(asked);
        if (!cursor.matches()) {
            throw Refused.badRequest("from, or Last-Event-ID, must be start, now or the id of an event");
        }
        return new Position(Long.parseLong(cursor.group(1)), Long.parseLong(cursor.group(2)));
    }

    private static Set<String> types(String asked) {
        Set<String> known = Arrays.stream(AuditStream.Type.values())
                .map(type -> type.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Set<String> wanted =
                Arrays.stream(asked.split(",")).filter(one -> !one.isBlank()).collect(Collectors.toSet());
        if (!known.containsAll(wanted)) {
            throw Refused.badRequest("types must be some of "
                    + String.join(",", known.stream().sorted().toList()));
        }
        return wanted;
    }

    private static @Nullable EventFormat format(String asked) {
        return switch (asked) {
            case "", "record" -> null;
            case "cloudevents" -> EventFormat.of(AuditStream.Format.CLOUDEVENTS);
            case "ocsf" -> EventFormat.of(AuditStream.Format.OCSF);
            default -> throw Refused.badRequest("format must be record, cloudevents or ocsf");
        };
    }

    /** One program that follows. */
    private final class Following {
        private final HttpServerResponse response;
        private final Set<String> types;
        private final @Nullable EventFormat format;
        private Position next;
        private int silentPolls;
        private boolean gone;

        Following(HttpServerResponse response, Position from, Set<String> types, @Nullable EventFormat format) {
            this.response = response;
            this.next = from;
            this.types = types;
            this.format = format;
        }

        void start() {
            open.incrementAndGet();
            response.closeHandler(closed -> leave());
            response.endHandler(ended -> leave());
            // Says at once that it works, whether there is a record or not.
            send(": following\n\n");
            read();
        }

        private void leave() {
            if (!gone) {
                gone = true;
                open.decrementAndGet();
            }
        }

        private void read() {
            if (gone) {
                return;
            }
            Position from = next;
            vertx.executeBlocking(() -> Events.of(feed.read(from, BATCH), types, format), false)
                    .onComplete(done -> {
                        if (done.succeeded()) {
                            told(done.result());
                        } else {
                            LOG.warn("the journal cannot be read for a program that follows it", done.cause());
                            vertx.setTimer(POLL_MILLIS, again -> read());
                        }
                    });
        }

        private void told(Events events) {
            if (gone) {
                return;
            }
            boolean moved = !events.next.equals(next);
            next = events.next;
            if (!events.text.isEmpty()) {
                silentPolls = 0;
                send(events.text);
            } else if (++silentPolls >= POLLS_TO_PING) {
                silentPolls = 0;
                send(": nothing new\n\n");
            }
            if (response.writeQueueFull()) {
                response.drainHandler(drained -> {
                    response.drainHandler(null);
                    read();
                });
            } else if (moved) {
                read();
            } else {
                vertx.setTimer(POLL_MILLIS, again -> read());
            }
        }

        private void send(String text) {
            response.write(text, UTF_8.name()).onFailure(broken -> leave());
        }
    }

    /**
     * What is sent at once.
     *
     * @param text events, whole
     * @param next where reading goes on
     */
    private record Events(String text, Position next) {
        static Events of(Stretch stretch, Set<String> types, @Nullable EventFormat format) throws IOException {
            StringBuilder text = new StringBuilder();
            for (JournalEntry entry : stretch.entries()) {
                if (types.isEmpty() || types.contains(entry.type())) {
                    Position end = entry.end();
                    text.append("id: ").append(end.segment()).append('-').append(end.offset());
                    text.append("\nevent: ").append(entry.type());
                    text.append("\ndata: ");
                    text.append(format == null ? new String(entry.json(), UTF_8) : format.write(entry));
                    text.append("\n\n");
                }
            }
            if (!stretch.gap().isEmpty()) {
                text.append("event: gap\ndata: ").append(stretch.gap()).append("\n\n");
            }
            return new Events(text.toString(), stretch.next());
        }
    }
}
