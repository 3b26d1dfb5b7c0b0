package dev.tollgate.approval;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;

/**
 * A place in the order in which people should decide: where more was found first, and the oldest first among equals. A ticket keeps its place
 * as long as it waits.
 *
 * @param level how much was found, from 0 on
 * @param createdAt when the ticket was opened, to the millisecond
 * @param ticket its id
 */
public record QueuePlace(int level, Instant createdAt, String ticket) implements Comparable<QueuePlace> {
    private static final Comparator<QueuePlace> ORDER = Comparator.comparingInt(QueuePlace::level)
            .reversed()
            .thenComparing(QueuePlace::createdAt)
            .thenComparing(QueuePlace::ticket);

    public static QueuePlace of(Ticket ticket) {
        return new QueuePlace(
                ticket.details().risk().level(),
                ticket.createdAt().truncatedTo(ChronoUnit.MILLIS),
                ticket.id().value());
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is nothing of the kind
     */
    public static QueuePlace parse(String written) {
        String[] parts = written.split("~", 3);
        try {
            if (parts.length == 3) {
                return new QueuePlace(
                        Integer.parseInt(parts[0]), Instant.ofEpochMilli(Long.parseLong(parts[1])), parts[2]);
            }
        } catch (NumberFormatException | DateTimeException malformed) {
            throw new IllegalArgumentException("not a place in the queue", malformed);
        }
        throw new IllegalArgumentException("not a place in the queue");
    }

    @Override
    public int compareTo(QueuePlace other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return level + "~" + createdAt.toEpochMilli() + "~" + ticket;
    }
}
