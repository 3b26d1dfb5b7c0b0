package dev.tollgate.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The feed of a journal in a folder. Holds nothing open. */
final class JournalFeed implements RecordFeed {
    private static final int MAX_BYTES = 1024 * 1024;

    private final Path folder;
    private final Supplier<Head> acknowledged;

    /**
     * @param folder the journal's own folder
     * @param acknowledged how far it may be read
     */
    JournalFeed(Path folder, Supplier<Head> acknowledged) {
        this.folder = folder;
        this.acknowledged = acknowledged;
    }

    @Override
    public Position end() {
        return acknowledged.get().end();
    }

    @Override
    public Stretch read(Position from, int most) throws IOException {
        Position end = end();
        List<JournalEntry> entries = new ArrayList<>();
        Position next = from;
        long bytes = 0;
        try (JournalReader reader = JournalReader.open(folder, from)) {
            while (entries.size() < most && bytes < MAX_BYTES && next.compareTo(end) < 0) {
                switch (reader.next()) {
                    case JournalReader.Step.Intact(JournalEntry entry) -> {
                        if (entry.position().compareTo(end) >= 0) {
                            return new Stretch(entries, next, "");
                        }
                        entries.add(entry);
                        bytes += entry.length();
                        next = entry.end();
                    }
                    case JournalReader.Step.Damaged(Position at, String what) -> {
                        return new Stretch(entries, resumeBehind(reader), at + ": " + what);
                    }
                    case JournalReader.Step.Torn torn -> {
                        return new Stretch(entries, next, "");
                    }
                    case JournalReader.Step.End(Position at) -> {
                        return new Stretch(entries, next, "");
                    }
                }
            }
        }
        return new Stretch(entries, next, "");
    }

    /** Where the first record behind damage begins; the end of what is acknowledged where none does. */
    private Position resumeBehind(JournalReader reader) throws IOException {
        return reader.next() instanceof JournalReader.Step.Intact(JournalEntry entry) ? entry.position() : end();
    }
}
