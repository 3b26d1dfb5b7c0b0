package dev.tollgate.store.stream;

import dev.tollgate.audit.CursorFile;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.JournalTail.NotTaken;
import dev.tollgate.audit.event.EventFormat;
import dev.tollgate.policy.AuditStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands records to a collector and keeps how far it has come: first the one, then the other, so that none is lost. */
final class StreamSink implements JournalTail.Sink, AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final AuditStream stream;
    private final EventFormat format;
    private final Collector collector;
    private final CursorFile cursor;
    private final InstantSource clock;
    private Duration pause = FIRST_PAUSE;
    private Instant notBefore = Instant.MIN;
    private volatile Optional<Head> upTo;
    private volatile @Nullable String trouble;

    StreamSink(AuditStream stream, EventFormat format, Collector collector, CursorFile cursor, InstantSource clock) {
        this.stream = stream;
        this.format = format;
        this.collector = collector;
        this.cursor = cursor;
        this.clock = clock;
        this.upTo = cursor.upTo();
    }

    @Override
    public Optional<Head> upTo() {
        return upTo;
    }

    @Override
    public boolean take(List<JournalEntry> batch, Optional<Head> after)
            throws NotTaken, IOException, InterruptedException {
        if (!upTo.equals(after)) {
            return false;
        }
        if (clock.instant().isBefore(notBefore)) {
            throw new NotTaken("stream " + stream.id() + " rests until " + notBefore);
        }
        List<String> events = new ArrayList<>(batch.size());
        for (JournalEntry entry : batch) {
            if (stream.wants(entry.type())) {
                events.add(format.write(entry));
            }
        }
        if (!events.isEmpty()) {
            hand(events);
        }
        Head last = Head.of(batch.getLast());
        cursor.moveTo(last);
        upTo = Optional.of(last);
        return true;
    }

    private void hand(List<String> events) throws NotTaken, InterruptedException {
        try {
            collector.take(events);
            trouble = null;
            pause = FIRST_PAUSE;
        } catch (IOException refused) {
            trouble = refused.getMessage();
            notBefore = clock.instant().plus(pause);
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            throw new NotTaken("stream " + stream.id() + ": " + refused.getMessage());
        }
    }

    /** Why the newest batch was not taken; empty if it was. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** The journal is not the one that was read before: everything in it is told. */
    @Override
    public void restart() throws IOException {
        cursor.forget();
        upTo = Optional.empty();
    }

    @Override
    public void close() throws IOException {
        try (cursor) {
            collector.close();
        }
    }
}
