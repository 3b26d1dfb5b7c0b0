package dev.tollgate.store.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.audit.Journal;
import dev.tollgate.policy.AnchorPolicy;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the newest checkpoint of a journal on to where the policy says, on one thread per place. A place that fails holds up nothing: it is tried again after 1 to
 * 60 seconds, with whatever is the newest then, because a checkpoint stands for all before it.
 */
public final class Anchors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Anchors.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long MAX_PAUSE_SECONDS = 60;
    private static final int SUCCESS = 2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Duration every;
    private final List<Place> places = new ArrayList<>();
    private String newest = "";
    private boolean closing;

    private Anchors(Duration every) {
        this.every = every;
    }

    /**
     * Begins to hand checkpoints on.
     *
     * @param out where standard output goes
     * @throws IOException if the webhook's address is none
     */
    public static Anchors start(Journal journal, AnchorPolicy policy, PrintStream out) throws IOException {
        Anchors anchors = new Anchors(policy.every());
        Path file = policy.file();
        if (file != null) {
            anchors.add("audit.anchors.file", note -> append(file, note));
        }
        if (policy.stdout()) {
            anchors.add("audit.anchors.stdout", note -> out.println(note));
        }
        String webhook = policy.webhook();
        if (webhook != null) {
            anchors.add("audit.anchors.webhook", new Webhook(webhook));
        }
        anchors.places.forEach(place -> place.thread.start());
        journal.anchor(anchors::tell);
        return anchors;
    }

    private void add(String name, Target target) {
        places.add(new Place(name, target));
    }

    private void tell(String note) {
        lock.lock();
        try {
            newest = note;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What does not work; empty where everything does. */
    public String trouble() {
        return String.join(
                "; ",
                places.stream()
                        .map(place -> place.trouble)
                        .filter(said -> !said.isEmpty())
                        .toList());
    }

    /** Takes a checkpoint. */
    @FunctionalInterface
    private interface Target {
        void take(String note) throws IOException, InterruptedException;
    }

    private final class Place {
        private final String name;
        private final Target target;
        private final Thread thread;
        private volatile String trouble = "";
        private String taken = "";
        private long pauseSeconds;

        Place(String name, Target target) {
            this.name = name;
            this.target = target;
            this.thread =
                    Thread.ofPlatform().name("tollgate-" + name).daemon(true).unstarted(this::follow);
        }

        private void follow() {
            try {
                for (String note = next(); note != null; note = next()) {
                    offer(note);
                    rest();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** Waits for a checkpoint that it has not taken; null when all is said and the gateway stops. */
        private @Nullable String next() throws InterruptedException {
            lock.lock();
            try {
                while (newest.equals(taken) && !closing) {
                    changed.await();
                }
                boolean isOver = closing && (newest.equals(taken) || pauseSeconds > 0);
                return isOver ? null : newest;
            } finally {
                lock.unlock();
            }
        }

        private void offer(String note) throws InterruptedException {
            try {
                target.take(note);
                if (!trouble.isEmpty()) {
                    LOG.info("{} takes checkpoints again", name);
                }
                trouble = "";
                taken = note;
                pauseSeconds = 0;
            } catch (IOException failure) {
                if (trouble.isEmpty()) {
                    LOG.warn("{} takes no checkpoint, trying again: {}", name, failure.getMessage());
                }
                trouble = name + " takes no checkpoint: " + failure.getMessage();
                pauseSeconds = Math.clamp(2 * pauseSeconds, 1, MAX_PAUSE_SECONDS);
            }
        }

        private void rest() throws InterruptedException {
            long nanos = pauseSeconds > 0 ? TimeUnit.SECONDS.toNanos(pauseSeconds) : every.toNanos();
            lock.lock();
            try {
                while (nanos > 0 && !closing) {
                    nanos = changed.awaitNanos(nanos);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** A blank line behind each note keeps them apart. */
    private static void append(Path file, String note) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer left = ByteBuffer.wrap((note + "\n").getBytes(UTF_8));
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    private static final class Webhook implements Target {
        private final HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        private final HttpRequest.Builder request;

        Webhook(String url) throws IOException {
            try {
                request = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT);
            } catch (IllegalArgumentException malformed) {
                throw new IOException("audit.anchors.webhook is not the address of a web server");
            }
        }

        /** What goes wrong is told without the address: it may be a secret. */
        @Override
        public void take(String note) throws IOException, InterruptedException {
            HttpRequest post = request.copy()
                    .header("content-type", "text/plain; charset=utf-8")
                    .header("user-agent", "tollgate")
                    .POST(HttpRequest.BodyPublishers.ofString(note))
                    .build();
            int status;
            try {
                status = http.send(post, HttpResponse.BodyHandlers.discarding()).statusCode();
            } catch (IOException failure) {
                throw new IOException(
                        "it cannot be reached: " + failure.getClass().getSimpleName());
            }
            if (status / 100 != SUCCESS) {
                throw new IOException("it answered " + status);
            }
        }
    }

    /** Hands the last checkpoint on once more, if it can, and stops. Blocks for up to 5 seconds for each place. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            for (Place place : places) {
                if (!place.thread.join(CLOSE_TIMEOUT)) {
                    place.thread.interrupt();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
