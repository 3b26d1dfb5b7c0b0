package dev.tollgate.approval;

import java.util.ArrayList;
import java.util.List;

/**
 * The turn that a held call belongs to. Agents make more than one call for some: a person is asked about them once.
 *
 * @param digest what all calls of the turn have in common ({@link Fingerprint#ofTurn}); empty where the ticket is for its own call alone
 * @param companion name of the companion that the call is ({@link Companions}); empty for the turn's own call
 * @param leads whether the companion comes before the turn's own call, which is approved with it
 * @param joined the other calls of the turn that have gone on with the ticket's approval: companions by their names, the turn's own call as {@link #OWN}
 */
public record Turn(String digest, String companion, boolean leads, List<String> joined) {
    /** Of a call that shares its ticket with no other. */
    public static final Turn NONE = new Turn("", "", false, List.of());

    /** How the turn's own call is told: no companion is named so. */
    public static final String OWN = "(own)";

    public Turn {
        digest = digest == null ? "" : digest;
        companion = companion == null ? "" : companion;
        joined = joined == null ? List.of() : List.copyOf(joined);
    }

    /** Whether the ticket of another call of the turn may be for this one too. */
    public boolean mayJoin() {
        return !digest.isEmpty() && !leads;
    }

    /** Whether the turn's own call comes at the same time, so that it is worth waiting for. */
    public boolean isBeside() {
        return mayJoin() && !companion.isEmpty();
    }

    /** Whether a leave for this call is one for another: a companion's says nothing new, and the one that leads is approved with the turn's own call. */
    boolean covers(Turn other) {
        boolean isOfTurn = leads ? other.companion.isEmpty() : companion.isEmpty() && other.isBeside();
        return isOfTurn && other.mayJoin() && digest.equals(other.digest) && !joined.contains(other.call());
    }

    private String call() {
        return companion.isEmpty() ? OWN : companion;
    }

    /** This turn when another of its calls has used the approval. */
    Turn joinedBy(Turn other) {
        List<String> all = new ArrayList<>(joined);
        all.add(other.call());
        return new Turn(digest, companion, leads, all);
    }
}
