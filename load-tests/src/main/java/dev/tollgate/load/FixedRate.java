package dev.tollgate.load;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests at a fixed rate, whatever the answers do, to several servers in turn, and prints the median and 99th percentile of the time
 * from when each was due to when its answer was whole: a server that stalls is charged for the requests it kept waiting.
 *
 * <p>{@code FixedRate RATE_PER_SECOND SECONDS ROUNDS BODY_FILE KEY NAME=URL...} prints {@code NAME p50_micros p99_micros percent_2xx} for each
 * server in each round. A first round, three times as long, warms this client and the servers and is not counted. Eight zeros in the body are
 * replaced with another number in every request.
 */
public final class FixedRate {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int WARM_UP = 3;

    private static final int MOST_CONNECTIONS = 1000;

    private static final String NUMBER = "00000000";

    private final Vertx vertx;
    private final HttpClient client;
    private final String body;
    private final String key;
    private final int rate;
    private int sent;

    private FixedRate(Vertx vertx, String body, String key, int rate) {
        this.vertx = vertx;
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions())
                .with(new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS).setEventLoopSize(1))
                .build();
        this.body = body;
        this.key = key;
        this.rate = rate;
    }

    /** Runs once and ends. */
    public static void main(String[] arguments) throws Exception {
        int rate = Integer.parseInt(arguments[0]);
        int count = rate * Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        List<String> servers = Arrays.asList(arguments).subList(5, arguments.length);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        FixedRate load = new FixedRate(vertx, Files.readString(Path.of(arguments[3])), arguments[4], rate);
        for (int round = 0; round <= rounds; round++) {
            for (String server : servers) {
                String[] nameAndUrl = server.split("=", 2);
                long[] nanos = load.send(nameAndUrl[1], round == 0 ? WARM_UP * count : count);
                if (round > 0) {
                    report(System.out, nameAndUrl[0], nanos);
                }
            }
        }
        vertx.close().await();
    }

    private long[] send(String url, int count) throws InterruptedException {
        long[] nanos = new long[count];
        CountDownLatch left = new CountDownLatch(count);
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(url)
                // A server that never answers must not keep the others from being counted.
                .setTimeout(PATIENCE.toMillis())
                .putHeader("Content-Type", "application/json")
                .putHeader("Authorization", "Bearer " + key);
        Context loop = vertx.getOrCreateContext();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int index = i;
            long due = start + i * NANOS_PER_SECOND / rate;
            Buffer content = Buffer.buffer(body.replace(NUMBER, "%08d".formatted(sent++)));
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            loop.runOnContext(now -> ask(options, content).onComplete(status -> {
                nanos[index] = status.succeeded() && status.result() / 100 == 2 ? System.nanoTime() - due : -1;
                left.countDown();
            }));
        }
        left.await();
        return nanos;
    }

    private Future<Integer> ask(RequestOptions options, Buffer content) {
        return client.request(options)
                .compose(request -> request.send(content))
                .compose(response -> response.body().map(whole -> response.statusCode()));
    }

    private static void report(PrintStream out, String name, long[] nanos) {
        long[] counted =
                Arrays.stream(nanos).filter(value -> value >= 0).sorted().toArray();
        if (counted.length == 0) {
            out.println(name + " no answer was 2xx");
            return;
        }
        out.printf(
                "%s %d %d %.2f%n",
                name,
                counted[counted.length / 2] / 1000,
                counted[Math.min(counted.length - 1, counted.length * 99 / 100)] / 1000,
                counted.length * 100.0 / nanos.length);
    }
}
