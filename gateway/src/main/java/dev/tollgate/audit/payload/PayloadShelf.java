package dev.tollgate.audit.payload;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where payloads lie: one drawer per day (UTC) in which their calls came in. Knows nothing of what it holds: names, and sealed bytes. All of
 * it blocks and is called on threads of the payload store; several processes may use one shelf.
 */
public interface PayloadShelf extends AutoCloseable {
    /** Work on one drawer. Does not use the shelf itself. */
    @FunctionalInterface
    interface Work<T> {
        T on(Drawer drawer) throws IOException;
    }

    /**
     * Works on the drawer of a day, which is made if it is not there. What others do to the drawer comes before or behind the whole of the
     * work. What was taken out or sealed anew survives a loss of power when this returns, and nobody reads what was there before.
     */
    <T> T change(LocalDate day, Work<T> work) throws IOException;

    /** Reads the drawer of a day; empty where there is none. */
    <T> Optional<T> read(LocalDate day, Work<T> work) throws IOException;

    /** Days that have a drawer, the oldest first. */
    List<LocalDate> days() throws IOException;

    /** Drops a whole drawer; yields the bytes that it took, as far as that is known, or nothing if there was none. */
    Optional<Long> drop(LocalDate day) throws IOException;

    /** A secret of this shelf for naming pieces, made by the first who asks: 32 bytes. */
    byte[] secret() throws IOException;

    /** The data keys of what lies here, apart from it. Closed with the shelf. */
    KeyTable keys();

    @Override
    void close();

    /** The payloads of one day. */
    interface Drawer {
        /** Which of these nodes are there. Where a node is, all nodes and pieces that it leads to are. */
        Set<PieceId> nodes(Collection<PieceId> ids) throws IOException;

        /** Which of these pieces are there. */
        Set<PieceId> pieces(Collection<PieceId> ids) throws IOException;

        /** Puts in what is not there yet: pieces first, then nodes, then rows, so that nothing ever leads nowhere. */
        void put(Additions additions) throws IOException;

        Optional<Node> node(PieceId id) throws IOException;

        /** The sealed bytes of pieces; those that are not there are left out. */
        Map<PieceId, byte[]> sealed(Collection<PieceId> ids) throws IOException;

        /** @param nanos when the call came in */
        Optional<Row> row(long nanos, String exchange, Part part) throws IOException;

        /** How many rows of calls there are that came in before a moment, in nanoseconds since 1970. */
        long count(long nanos) throws IOException;

        /** Rows that match, in the order of their calls, behind the given place. */
        List<Row> rows(Subject subject, Place behind, int limit) throws IOException;

        Optional<Erased> erased(String exchange) throws IOException;

        /**
         * Leaves word that the payloads of a subject's calls that came in up to then are erased, whether they are here or still on their way. A newer
         * word takes the place of an older one.
         *
         * @param word with the subject in the place of the exchange, as {@link Subject#toString} writes it
         */
        void bar(Erased word) throws IOException;

        /** The words that {@link #bar} left of these subjects, by subject. */
        Map<String, Erased> barred(Collection<String> subjects) throws IOException;

        /** Takes out all of this, and leaves word of the erasure. Cut short, it may have left rows that lead nowhere, never pieces that rows lead to. */
        void remove(Removal removal) throws IOException;

        /** What stands here under one of these marks. */
        Marked marked(Set<Long> marks) throws IOException;

        /** Puts what is sealed anew in the place of what was there under the same names. What is not there is passed over. */
        void reseal(Resealed resealed) throws IOException;
    }

    /** A place in the order of rows: moment of the call, then its name, then the part. */
    record Place(long nanos, String exchange, Part part) {
        public static final Place START = new Place(Long.MIN_VALUE, "", Part.REQUEST);
    }

    /**
     * What is put into a drawer.
     *
     * @param pieces by name
     * @param nodes parents before their children
     * @param rows payloads
     */
    record Additions(Map<PieceId, Piece> pieces, List<Node> nodes, List<Row> rows) {}

    /**
     * A piece.
     *
     * @param mark whose it is, and with which key it is sealed
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Piece(byte[] sealed, long mark) {}

    /**
     * What stands under a mark.
     *
     * @param pieces names of pieces
     * @param nodes names of nodes
     */
    record Marked(Set<PieceId> pieces, Set<PieceId> nodes) {}

    /**
     * What takes the place of something that is sealed with another key.
     *
     * @param mark the mark of the new key
     * @param pieces sealed bytes by name
     * @param nodes names of nodes
     * @param rows payloads
     */
    record Resealed(long mark, Map<PieceId, byte[]> pieces, Collection<PieceId> nodes, List<Row> rows) {}

    /**
     * One more piece behind a list of pieces. Lists that begin alike share their nodes.
     *
     * @param id names the whole list up to here
     * @param parent the list before; {@link PieceId#NONE} where this is its first piece
     * @param piece the last piece
     * @param mark whose it is, and which key was in force
     */
    record Node(PieceId id, PieceId parent, PieceId piece, long mark) {}

    /**
     * One payload.
     *
     * @param exchange the call
     * @param part request or reply
     * @param nanos when the call came in, in nanoseconds since 1970
     * @param team the team, whose pieces these are
     * @param agent the agent
     * @param session the session; empty where none was named
     * @param user the user; empty where none was named
     * @param sealed the sealed {@link Manifest}
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Row(
            String exchange,
            Part part,
            long nanos,
            String team,
            String agent,
            String session,
            String user,
            byte[] sealed) {
        public Place place() {
            return new Place(nanos, exchange, part);
        }

        Row withSealed(byte[] anew) {
            return new Row(exchange, part, nanos, team, agent, session, user, anew);
        }
    }

    /**
     * What is taken out of a drawer.
     *
     * @param rows payloads
     * @param nodes nodes that nothing leads to any more
     * @param pieces pieces that nothing leads to any more
     * @param erased word of it, one for each call
     */
    record Removal(List<Row> rows, Set<PieceId> nodes, Set<PieceId> pieces, List<Erased> erased) {}

    /**
     * Word of an erasure.
     *
     * @param exchange the call whose payload is gone
     * @param at when it was erased
     * @param by who erased it
     * @param reason why
     */
    record Erased(String exchange, Instant at, String by, String reason) {}

    /**
     * Whose payloads.
     *
     * @param kind by what they are named
     * @param name the name; empty for everybody's
     */
    record Subject(Kind kind, String name) {
        /** By what a subject is named. */
        public enum Kind {
            ALL,
            TEAM,
            SESSION,
            USER,
            AGENT,
            EXCHANGE
        }

        public static final Subject ALL = new Subject(Kind.ALL, "");

        /**
         * Reads {@code session:ID}, {@code user:ID}, {@code agent:NAME} or {@code exchange:ID}.
         *
         * @throws IllegalArgumentException if it is none of these
         */
        public static Subject parse(String written) {
            int colon = written.indexOf(':');
            String kind = colon < 0 ? "" : written.substring(0, colon);
            String name = written.substring(colon + 1);
            Kind known = switch (kind) {
                case "session" -> Kind.SESSION;
                case "user" -> Kind.USER;
                case "agent" -> Kind.AGENT;
                case "team" -> Kind.TEAM;
                case "exchange" -> Kind.EXCHANGE;
                default ->
                    throw new IllegalArgumentException(
                            "a subject is session:ID, user:ID, agent:NAME, team:NAME or exchange:ID");
            };
            if (name.isEmpty()) {
                throw new IllegalArgumentException("the subject " + written + " names nobody");
            }
            return new Subject(known, name);
        }

        @Override
        public String toString() {
            return kind.name().toLowerCase(java.util.Locale.ROOT) + (name.isEmpty() ? "" : ":" + name);
        }
    }
}
