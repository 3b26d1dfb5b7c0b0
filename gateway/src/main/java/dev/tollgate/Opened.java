package dev.tollgate;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.JournalRetention;
import dev.tollgate.console.HealthChecks;
import dev.tollgate.console.HealthChecks.Check;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What was opened so far: how it is closed again, how it is, and who must not miss a record. For one thread, until everything is open. */
final class Opened {
    private static final Duration CHECK_PATIENCE = Duration.ofSeconds(3);

    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final List<Supplier<Future<Check>>> checks = new ArrayList<>();
    /** Whoever reads the journal and must not miss a record. */
    private final List<JournalRetention.Follower> followers = new ArrayList<>();

    @CanIgnoreReturnValue
    <T extends AutoCloseable> T add(T resource) {
        closing.addFirst(resource);
        return resource;
    }

    /** @param probe tells in words how it is, or fails */
    void check(String name, Supplier<Future<String>> probe) {
        checks.add(() -> probe.get()
                .timeout(CHECK_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .map(detail -> new Check(name, true, detail))
                .otherwise(failure -> new Check(name, false, String.valueOf(failure.getMessage()))));
    }

    void follow(JournalRetention.Follower follower) {
        followers.add(follower);
    }

    List<JournalRetention.Follower> followers() {
        return List.copyOf(followers);
    }

    HealthChecks health() {
        List<Supplier<Future<Check>>> all = List.copyOf(checks);
        return () -> Future.join(all.stream().map(Supplier::get).toList()).map(done -> done.<Check>list());
    }

    /** What was opened last comes first. */
    List<AutoCloseable> closing() {
        return List.copyOf(closing);
    }
}
