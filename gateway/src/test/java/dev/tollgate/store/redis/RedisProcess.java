package dev.tollgate.store.redis;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A real redis-server on a free port of this machine, for one test class. */
public final class RedisProcess implements AutoCloseable {
    private final RedisServer server;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final int port;

    public RedisProcess() {
        this(freePort());
    }

    private RedisProcess(int port) {
        this.port = port;
        try {
            server = RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .setting("appendonly no")
                    .build();
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client = RedisClient.create(uri());
        connection = client.connect();
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty one where this one was, which must have been closed. */
    public RedisProcess another() {
        return new RedisProcess(port);
    }

    @CanIgnoreReturnValue
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    @CanIgnoreReturnValue
    public StatefulRedisConnection<String, String> connection() {
        return connection;
    }

    RedisStore.Commands commands() {
        return new RedisStore.Commands(connection.async(), connection.async());
    }

    @Override
    public void close() throws IOException {
        connection.close();
        client.shutdown();
        server.stop();
    }
}
