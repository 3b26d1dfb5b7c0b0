package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadShelf.Subject;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.wire.MessageBorders.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One payload on its way to the store.
 *
 * @param whose whose it is
 * @param part request or reply
 * @param level at which it was taken
 * @param salt of its commitment
 * @param bytes what is kept; shared, never written to
 * @param total how many bytes there were: more than are kept where it was cut
 * @param masked how many placeholders were put in for the keeping
 * @param isAssembled whether it is not the bytes as they went but what they said, see {@code wire.ReplyContent}
 * @param head what stood around it
 * @param borders where it is cut into pieces; asked for once, on the writing thread
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes: shared, not copied.
public record Payload(
        Whose whose,
        Part part,
        Capture level,
        byte[] salt,
        byte[] bytes,
        long total,
        int masked,
        boolean isAssembled,
        Head head,
        Supplier<List<Stretch>> borders) {

    /**
     * Whose payload it is.
     *
     * @param exchange the call
     * @param at when it came in
     * @param team the team
     * @param agent the agent
     * @param session the session; empty where none was named
     * @param user the user; empty where none was named
     */
    public record Whose(String exchange, Instant at, String team, String agent, String session, String user) {
        /** All that this payload can be named by when it is to be erased. */
        public List<Subject> subjects() {
            List<Subject> subjects = new ArrayList<>(List.of(
                    new Subject(Subject.Kind.EXCHANGE, exchange),
                    new Subject(Subject.Kind.TEAM, team),
                    new Subject(Subject.Kind.AGENT, agent)));
            if (!session.isEmpty()) {
                subjects.add(new Subject(Subject.Kind.SESSION, session));
            }
            if (!user.isEmpty()) {
                subjects.add(new Subject(Subject.Kind.USER, user));
            }
            return subjects;
        }
    }

    /** One piece, for what does not come again. */
    public static Supplier<List<Stretch>> whole(byte[] bytes) {
        return () -> bytes.length == 0 ? List.of() : List.of(new Stretch(0, bytes.length, false));
    }

    @Override
    public String toString() {
        return "Payload[" + whose.exchange + " " + part.id() + ", " + bytes.length + " bytes, redacted]";
    }
}
