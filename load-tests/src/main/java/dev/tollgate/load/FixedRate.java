package dev.tollgate.load;

import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends one request at a fixed rate, whatever the answers do, and prints the median and 99th percentile of the time from when each was due to
 * when its answer was whole: a server that stalls is charged for the requests it kept waiting.
 *
 * <p>{@code FixedRate NAME URL BODY_FILE KEY RATE_PER_SECOND SECONDS} prints {@code NAME p50_micros p99_micros percent_2xx}. The first fifth is
 * not counted.
 */
public final class FixedRate {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private FixedRate() {}

    /** Runs once and ends. */
    public static void main(String[] arguments) throws Exception {
        int rate = Integer.parseInt(arguments[4]);
        int count = rate * Integer.parseInt(arguments[5]);
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[1]))
                // A server that never answers must not keep the others from being counted.
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + arguments[3])
                .POST(BodyPublishers.ofByteArray(Files.readAllBytes(Path.of(arguments[2]))))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            report(System.out, arguments[0], send(client, request, rate, count));
        }
    }

    private static long[] send(HttpClient client, HttpRequest request, int rate, int count)
            throws InterruptedException {
        long[] nanos = new long[count];
        CountDownLatch left = new CountDownLatch(count);
        AtomicInteger failed = new AtomicInteger();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int index = i;
            long due = start + i * NANOS_PER_SECOND / rate;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            CompletableFuture<Void> unused = client.sendAsync(request, BodyHandlers.ofByteArray())
                    .thenApply(HttpResponse::statusCode)
                    .exceptionally(broken -> 0)
                    .thenAccept(status -> {
                        nanos[index] = status >= 200 && status < 300 ? System.nanoTime() - due : -1;
                        if (nanos[index] < 0) {
                            failed.incrementAndGet();
                        }
                        left.countDown();
                    });
        }
        left.await();
        return nanos;
    }

    private static void report(PrintStream out, String name, long[] nanos) {
        long[] counted = Arrays.stream(nanos, nanos.length / 5, nanos.length)
                .filter(value -> value >= 0)
                .sorted()
                .toArray();
        int asked = nanos.length - nanos.length / 5;
        if (counted.length == 0) {
            out.println(name + " no answer was 2xx");
            return;
        }
        out.printf(
                "%s %d %d %.2f%n",
                name,
                counted[counted.length / 2] / 1000,
                counted[Math.min(counted.length - 1, counted.length * 99 / 100)] / 1000,
                counted.length * 100.0 / asked);
    }
}
