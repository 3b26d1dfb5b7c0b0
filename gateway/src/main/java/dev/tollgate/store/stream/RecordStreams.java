package dev.tollgate.store.stream;

import dev.tollgate.audit.CursorFile;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalRetention;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.event.EventFormat;
import dev.tollgate.policy.AuditStream;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The streams of a node: each follows the journal on a thread of its own, from where it last stood. */
public final class RecordStreams implements AutoCloseable {
    private static final String FOLDER = "streams";
    private static final Duration PACE = Duration.ofMillis(250);

    private final Journal journal;
    private final List<Running> running = new ArrayList<>();

    private RecordStreams(Journal journal) {
        this.journal = journal;
    }

    private record Running(AuditStream stream, StreamSink sink, JournalTail tail) {}

    /** Checks the streams of a bundle. */
    public static ViewCompiler<?> compiler() {
        return StreamTarget.compiler();
    }

    /**
     * Begins to follow. A stream that is new begins with the first record of the journal.
     *
     * @param dataFolder cursors are kept in its folder {@code streams}
     * @throws IOException if a cursor cannot be kept
     */
    public static RecordStreams start(Journal journal, Path dataFolder, List<AuditStream> streams, InstantSource clock)
            throws IOException {
        RecordStreams all = new RecordStreams(journal);
        try {
            for (StreamTarget target : StreamTarget.all(streams).targets()) {
                all.start(target, dataFolder.resolve(FOLDER), clock);
            }
            return all;
        } catch (PolicyException unusable) {
            all.close();
            throw new IOException(unusable.getMessage(), unusable);
        } catch (IOException | RuntimeException failure) {
            all.close();
            throw failure;
        }
    }

    private void start(StreamTarget target, Path cursors, InstantSource clock) throws IOException {
        AuditStream stream = target.stream();
        EventFormat format = EventFormat.of(stream.format());
        CursorFile cursor = CursorFile.open(cursors.resolve(stream.id() + ".cursor"));
        StreamSink sink = new StreamSink(stream, format, target.collector(format, clock), cursor, clock);
        JournalTail tail = new JournalTail(journal.folder(), () -> Optional.of(journal.head()), sink, PACE);
        running.add(new Running(stream, sink, tail.start("tollgate-stream-" + stream.id())));
    }

    /**
     * How a stream goes.
     *
     * @param id the stream
     * @param waitingBytes bytes of the journal that it has not taken
     * @param trouble why the newest batch was not taken; empty if it was
     */
    public record State(String id, long waitingBytes, Optional<String> trouble) {}

    /** How far each of them has come. */
    public List<JournalRetention.Follower> followers() {
        return running.stream()
                .<JournalRetention.Follower>map(one -> one.sink::upTo)
                .toList();
    }

    /** How they go, in the order of the policy. */
    public List<State> states() throws IOException {
        List<State> states = new ArrayList<>();
        for (Running one : running) {
            Position from = one.sink.upTo().map(Head::end).orElse(Position.START);
            states.add(new State(one.stream.id(), journal.bytesSince(from), one.sink.trouble()));
        }
        return states;
    }

    /** Hands over what is acknowledged, where its collector takes it within ten seconds, and stops. */
    @Override
    public void close() throws IOException {
        for (Running one : running) {
            one.tail.close();
            one.sink.close();
        }
    }
}
