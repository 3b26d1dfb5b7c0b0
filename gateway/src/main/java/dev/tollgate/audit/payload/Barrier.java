package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Removal;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps payloads out of a drawer whose subject was erased while they were on their way, and leaves word of them. For one batch. */
final class Barrier {
    private final Drawer drawer;
    private final Map<String, Erased> barred;
    private final Map<String, Erased> stopped = new LinkedHashMap<>();

    private Barrier(Drawer drawer, Map<String, Erased> barred) {
        this.drawer = drawer;
        this.barred = barred;
    }

    static Barrier of(Drawer drawer, Collection<Payload> payloads) throws IOException {
        Set<String> subjects = new LinkedHashSet<>();
        payloads.forEach(payload -> payload.whose().subjects().forEach(subject -> subjects.add(subject.toString())));
        return new Barrier(drawer, drawer.barred(subjects));
    }

    /** Whether a payload is erased already: its call came in before its subject was. */
    boolean stops(Payload payload) {
        if (barred.isEmpty()) {
            return false;
        }
        Payload.Whose whose = payload.whose();
        for (Subject subject : whose.subjects()) {
            Erased word = barred.get(subject.toString());
            if (word != null && !whose.at().isAfter(word.at())) {
                stopped.put(whose.exchange(), new Erased(whose.exchange(), word.at(), word.by(), word.reason()));
                return true;
            }
        }
        return false;
    }

    void leaveWord() throws IOException {
        if (!stopped.isEmpty()) {
            drawer.remove(new Removal(List.of(), Set.of(), Set.of(), List.copyOf(stopped.values())));
        }
    }
}
