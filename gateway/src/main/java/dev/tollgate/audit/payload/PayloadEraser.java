package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.KeyTable.TeamDay;
import dev.tollgate.audit.payload.KeyTable.Wrapped;
import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Erases the payloads of a subject's calls that came in up to now, also those that are not written yet, and every piece that nobody else's payload of the same team and day leads to. A piece that two subjects
 * brought in (a system prompt, say) stays for the other one. Where payloads are encrypted, copies of the store become unreadable too. Blocks.
 *
 * <pre>
 *   with the day locked:  word of the subject ─▶ new key into the table ─▶ delete ─▶ seal what stays with the new key
 *   when that is on disk: destroy the old keys
 * </pre>
 *
 * Cut short anywhere, all that is there can be read, and {@link #finish} or the same erasure again does the rest.
 */
public final class PayloadEraser {
    /** How long after its call came in a payload may come to the drawer of a day that had none before. */
    private static final Duration LONGEST_WAY = Duration.ofHours(1);

    private final PayloadShelf shelf;
    private final PayloadKeys keys;

    public PayloadEraser(PayloadShelf shelf, PayloadKeys keys) {
        this.shelf = shelf;
        this.keys = keys;
    }

    /**
     * What was erased.
     *
     * @param exchanges calls whose payloads are gone
     * @param pieces pieces that are gone
     * @param shared pieces of theirs that stay, because others have them too
     */
    public record Count(long exchanges, long pieces, long shared) {
        Count plus(Count other) {
            return new Count(exchanges + other.exchanges, pieces + other.pieces, shared + other.shared);
        }
    }

    /** @param word who erases and why; the exchange in it is not looked at */
    public Count erase(Subject subject, Erased word) throws IOException {
        if (subject.kind() == Subject.Kind.ALL) {
            throw new IllegalArgumentException("whose payloads are to be erased is not said");
        }
        // What waits to be written, here or in another process, goes to the drawer of the day its call came in: word of
        // the erasure must be there first.
        Set<LocalDate> days = new TreeSet<>(shelf.days());
        days.add(PayloadReader.dayOf(word.at()));
        days.add(PayloadReader.dayOf(word.at().minus(LONGEST_WAY)));
        Count all = new Count(0, 0, 0);
        for (LocalDate day : days) {
            List<Wrapped> outdated = new ArrayList<>();
            all = all.plus(shelf.change(day, drawer -> {
                drawer.bar(new Erased(subject.toString(), word.at(), word.by(), word.reason()));
                return erase(drawer, day, rows(drawer, subject), word, outdated);
            }));
            destroy(outdated);
        }
        int unused = finish();
        return all;
    }

    private Count erase(
            Drawer drawer, LocalDate day, Map<String, List<Row>> byTeam, Erased word, List<Wrapped> outdated)
            throws IOException {
        Count all = new Count(0, 0, 0);
        for (Map.Entry<String, List<Row>> team : byTeam.entrySet()) {
            TeamSweep sweep = new TeamSweep(shelf, keys, drawer, day, team.getKey());
            all = all.plus(sweep.erase(team.getValue(), word));
            outdated.addAll(sweep.outdated());
        }
        return all;
    }

    private static Map<String, List<Row>> rows(Drawer drawer, Subject subject) throws IOException {
        Map<String, List<Row>> byTeam = new LinkedHashMap<>();
        boolean unused = PayloadReader.rows(
                drawer,
                subject,
                Instant.MIN,
                Instant.MAX,
                row -> byTeam.computeIfAbsent(row.team(), any -> new ArrayList<>())
                        .add(row));
        return byTeam;
    }

    /**
     * Completes erasures that were cut short when they had made their key: what stays is sealed with it, and the older ones are destroyed. Waits for
     * those that are under way.
     *
     * @return how many teams' days there were
     */
    public int finish() throws IOException {
        List<TeamDay> unfinished = shelf.keys().unfinished();
        Set<LocalDate> days = unfinished.isEmpty() ? Set.of() : Set.copyOf(shelf.days());
        for (TeamDay one : unfinished) {
            LocalDate day = one.day();
            if (days.contains(day)) {
                destroy(shelf.change(day, drawer -> {
                    TeamSweep sweep = new TeamSweep(shelf, keys, drawer, day, one.team());
                    sweep.finish();
                    return sweep.outdated();
                }));
            } else {
                destroy(new TeamKeys(shelf.keys(), keys, day, one.team()).outdated());
            }
        }
        return unfinished.size();
    }

    private void destroy(List<Wrapped> outdated) throws IOException {
        for (Wrapped key : outdated) {
            shelf.keys().destroy(key);
        }
    }
}
