package dev.tollgate.audit.payload;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes payloads to their shelf on a thread of its own, in batches. What cannot be written waits and is tried again; meanwhile the room runs
 * out, and the policy decides what happens to calls. Nothing is dropped but at the end of the process, and then the log of the process says
 * how much.
 */
public final class PayloadWriter implements PayloadSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PayloadWriter.class);
    private static final int MAX_BATCH = 256;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);
    /** What a payload costs in memory besides its bytes. */
    private static final int OVERHEAD_BYTES = 1024;

    private final PayloadShelf shelf;
    private final PayloadKeys keys;
    private final long maxBytes;
    private final AtomicLong waiting = new AtomicLong();
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    /** Used on the writing thread, which makes it. */
    private UnaryOperator<byte[]> compressor = bytes -> bytes;

    private volatile boolean closing;
    private volatile @Nullable String trouble;

    private record Waiting(Payload payload, long reserved) {}

    private PayloadWriter(PayloadShelf shelf, PayloadKeys keys, long maxBytes) {
        this.shelf = shelf;
        this.keys = keys;
        this.maxBytes = maxBytes;
        this.thread = Thread.ofPlatform().name("tollgate-payloads").daemon(true).unstarted(this::run);
    }

    /**
     * @param maxBytes most bytes that wait to be written
     */
    public static PayloadWriter start(PayloadShelf shelf, PayloadKeys keys, long maxBytes) {
        PayloadWriter writer = new PayloadWriter(shelf, keys, maxBytes);
        writer.thread.start();
        return writer;
    }

    @Override
    public boolean reserve(long bytes) {
        long taken = bytes + OVERHEAD_BYTES;
        // One payload passes whatever its size where nothing waits: else a large one could never be kept.
        if (waiting.addAndGet(taken) > maxBytes && waiting.get() != taken) {
            waiting.addAndGet(-taken);
            return false;
        }
        return true;
    }

    @Override
    public void release(long bytes) {
        waiting.addAndGet(-bytes - OVERHEAD_BYTES);
    }

    @Override
    public void keep(Payload payload, long reserved) {
        queue.add(new Waiting(payload, reserved));
    }

    /** What keeps it from writing; empty while it can. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Bytes that wait to be written. */
    public long waiting() {
        return waiting.get();
    }

    private void run() {
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            zstd.setLevel(Seal.LEVEL);
            compressor = zstd::compress;
            writeUntilClosed();
        } catch (Error fatal) {
            // Told to health checks: else nobody would know why the room runs out.
            trouble = "the thread that writes payloads died: " + fatal;
            LOG.error("payloads are not written any more", fatal);
        }
    }

    private void writeUntilClosed() {
        List<Waiting> batch = new ArrayList<>();
        while (!closing || !queue.isEmpty() || !batch.isEmpty()) {
            try {
                if (batch.isEmpty()) {
                    gather(batch);
                }
                write(batch);
                batch.forEach(one -> release(one.reserved));
                batch.clear();
                trouble = null;
            } catch (IOException failure) {
                boolean isLast = closing;
                if (trouble == null) {
                    LOG.error("payloads cannot be written, and wait", failure);
                }
                trouble = String.valueOf(failure.getMessage());
                if (isLast) {
                    break;
                }
                pause(TRY_AGAIN);
            } catch (RuntimeException fault) { // one payload that cannot be packed: told where it is found
                writeOneByOne(batch);
            }
        }
        int lost = batch.size() + queue.size();
        if (lost > 0) {
            LOG.error("{} payloads could not be written before the end: {}", lost, trouble);
        }
    }

    private void gather(List<Waiting> batch) {
        try {
            Waiting first = queue.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            if (first == null) {
                return;
            }
            batch.add(first);
        } catch (InterruptedException ending) {
            closing = true;
        }
        if (!closing && queue.size() < MAX_BATCH) {
            pause(PAUSE);
        }
        queue.drainTo(batch, MAX_BATCH - batch.size());
    }

    private void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException ending) {
            closing = true;
        }
    }

    /** One payload that nobody can pack must not keep all others from being written. */
    private void writeOneByOne(List<Waiting> batch) {
        for (Waiting one : batch) {
            try {
                write(List.of(one));
            } catch (IOException | RuntimeException fault) {
                LOG.error(
                        "the {} of exchange {} could not be kept",
                        one.payload.part(),
                        one.payload.whose().exchange(),
                        fault);
            }
            release(one.reserved);
        }
        batch.clear();
    }

    private void write(List<Waiting> batch) throws IOException {
        Map<LocalDate, List<Payload>> byDay = new TreeMap<>();
        for (Waiting one : batch) {
            byDay.computeIfAbsent(day(one.payload), any -> new ArrayList<>()).add(one.payload);
        }
        for (Map.Entry<LocalDate, List<Payload>> day : byDay.entrySet()) {
            boolean done = shelf.change(day.getKey(), drawer -> pack(drawer, day.getKey(), day.getValue()));
            if (!done) {
                throw new IOException("the payloads of " + day.getKey() + " were not taken");
            }
        }
    }

    private boolean pack(Drawer drawer, LocalDate day, List<Payload> payloads) throws IOException {
        byte[] secret = shelf.secret();
        Map<String, Seal> seals = new HashMap<>();
        Packing packing = new Packing(drawer);
        Barrier barrier = Barrier.of(drawer, payloads);
        for (Payload payload : payloads) {
            if (barrier.stops(payload)) {
                continue;
            }
            String team = payload.whose().team();
            Seal seal = seals.get(team);
            if (seal == null) {
                // Its key is asked for while nobody else can erase: what is written with it can be read later.
                seal = new Seal(new TeamKeys(shelf.keys(), keys, day, team), keys.namer(secret, team), compressor);
                seals.put(team, seal);
            }
            packing.add(payload, seal);
        }
        packing.put();
        barrier.leaveWord();
        return true;
    }

    private static LocalDate day(Payload payload) {
        return payload.whose().at().atOffset(ZoneOffset.UTC).toLocalDate();
    }

    /** Writes what waits, for up to 20 seconds. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
