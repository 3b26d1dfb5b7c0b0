package dev.tollgate;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.SignedNote;
import dev.tollgate.console.LogDesk;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** This node's journal, verified one time at once on a thread of its own. */
final class LogOffice implements LogDesk {
    /** Longest time for which the thread is not reported as stuck. */
    private static final long MAX_HOURS = 24;

    private final Vertx vertx;
    private final Path dataFolder;
    private final Path folder;
    private final Supplier<String> checkpoint;
    private final InstantSource clock;
    private final WorkerExecutor worker;
    private volatile Check check = new Check.None();

    /**
     * @param dataFolder where journal and key are
     * @param checkpoint the newest one as a signed note; empty for none
     */
    LogOffice(Vertx vertx, Path dataFolder, Supplier<String> checkpoint, InstantSource clock) {
        this.vertx = vertx;
        this.dataFolder = dataFolder;
        this.folder = dataFolder.resolve(Journal.FOLDER);
        this.checkpoint = checkpoint;
        this.clock = clock;
        this.worker = vertx.createSharedWorkerExecutor("tollgate-verify", 1, MAX_HOURS, TimeUnit.HOURS);
    }

    @Override
    public Future<Look> look() {
        return vertx.executeBlocking(
                () -> new Look(Journal.headOf(folder), Verifier.bytes(folder), folder.toString(), seal()), false);
    }

    private Optional<Seal> seal() throws IOException {
        String note = checkpoint.get();
        if (note.isEmpty()) {
            return Optional.empty();
        }
        Checkpoint read = Checkpoint.parse(SignedNote.parse(note).text());
        return Optional.of(new Seal(
                note, read.at(), read.tree().size(), AuditKeys.shown(dataFolder).toString()));
    }

    @Override
    public void verify() {
        Instant begun = clock.instant();
        synchronized (this) {
            if (check instanceof Check.Running) {
                return;
            }
            check = new Check.Running(begun, 0, 0);
        }
        worker.executeBlocking(
                        () -> {
                            long total = Verifier.bytes(folder);
                            return Verifier.verify(folder, read -> check = new Check.Running(begun, read, total));
                        },
                        false)
                .onSuccess(found -> check = done(begun, found))
                .onFailure(failure -> check = new Check.Failed(clock.instant(), String.valueOf(failure.getMessage())));
    }

    private Check done(Instant begun, Verification found) {
        Instant now = clock.instant();
        return new Check.Done(now, Duration.between(begun, now), found);
    }

    @Override
    public Check check() {
        return check;
    }
}
