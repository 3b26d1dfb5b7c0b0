package dev.tollgate.http;

import dev.tollgate.policy.LimitsPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Closes connections that are too many, and those on which nothing is going on. A plain idle time-out would not do: a held call is silent for minutes on purpose.
 * Used on one event loop.
 */
final class ConnectionWatch {
    private static final int LOOKS_PER_PERIOD = 4;

    private static final class Connection {
        private int open;
        private long quietSince = System.nanoTime();
    }

    private final Map<HttpConnection, Connection> connections = new HashMap<>();
    private final Admission admission;
    private final int mostConnections;
    private final long keepAliveNanos;
    private final Vertx vertx;
    private long timer;

    ConnectionWatch(Vertx vertx, Admission admission, LimitsPolicy limits) {
        this.vertx = vertx;
        this.admission = admission;
        this.mostConnections = limits.connections();
        this.keepAliveNanos = limits.keepAlive().toNanos();
    }

    void start() {
        timer = vertx.setPeriodic(Math.max(1, keepAliveNanos / LOOKS_PER_PERIOD / 1_000_000), ignored -> look());
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    /** Yields whether the connection is taken on; one too many is closed. */
    boolean opened(HttpConnection connection) {
        if (!admission.connect(mostConnections)) {
            var unused = connection.close();
            return false;
        }
        connections.put(connection, new Connection());
        connection.closeHandler(ignored -> {
            if (connections.remove(connection) != null) {
                admission.disconnect();
            }
        });
        return true;
    }

    void began(HttpConnection connection) {
        Connection known = connections.get(connection);
        if (known != null) {
            known.open++;
        }
    }

    void ended(HttpConnection connection) {
        Connection known = connections.get(connection);
        if (known != null) {
            known.open--;
            known.quietSince = System.nanoTime();
        }
    }

    private void look() {
        long now = System.nanoTime();
        List<HttpConnection> quiet = new ArrayList<>();
        connections.forEach((connection, state) -> {
            if (state.open <= 0 && now - state.quietSince > keepAliveNanos) {
                quiet.add(connection);
            }
        });
        quiet.forEach(connection -> {
            var unused = connection.close();
        });
    }
}
