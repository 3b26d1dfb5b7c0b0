package dev.tollgate.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A line on standard error that shows how far a long piece of work has come; nothing where that is no terminal. Not safe for several threads. */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 40;
    private static final long EVERY_NANOS = 100_000_000;

    private final PrintWriter err;
    private final long total;
    private final boolean isShown;
    private final long began = System.nanoTime();
    private long next = began + 5 * EVERY_NANOS;

    /**
     * @param total of what {@link #at} tells
     */
    ProgressBar(PrintWriter err, long total) {
        this(err, total, isTerminal());
    }

    ProgressBar(PrintWriter err, long total, boolean isShown) {
        this.err = err;
        this.total = Math.max(1, total);
        this.isShown = isShown;
    }

    private static boolean isTerminal() {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
            return target.startsWith("/dev/pts") || target.startsWith("/dev/tty") || target.endsWith("console");
        } catch (IOException | UnsupportedOperationException elsewhere) {
            // Where the system does not tell, a bar would rather spoil a file than help.
            return false;
        }
    }

    void at(long done) {
        if (!isShown || System.nanoTime() < next) {
            return;
        }
        next = System.nanoTime() + EVERY_NANOS;
        double part = Math.min(1, done / (double) total);
        int full = (int) (part * WIDTH);
        double seconds = (System.nanoTime() - began) / 1e9;
        err.print(String.format(
                Locale.ROOT,
                "\r[%s%s] %3d %% %.0f s left  ",
                "#".repeat(full),
                ".".repeat(WIDTH - full),
                (int) (100 * part),
                part == 0 ? 0 : seconds / part - seconds));
        err.flush();
    }

    /** Takes the line away. */
    @Override
    public void close() {
        if (isShown) {
            err.print("\r" + " ".repeat(WIDTH + 30) + "\r");
            err.flush();
        }
    }
}
