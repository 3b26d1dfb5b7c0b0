package dev.tollgate.approval;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What links to a ticket are signed with, and which were followed.
 *
 * @param key secret, in hex; empty where no links are made
 * @param used recipients who have followed theirs
 */
public record Link(String key, List<String> used) {
    /** No links. */
    public static final Link NONE = new Link("", List.of());

    /** How long a link can be followed at most. */
    public static final Duration LASTS = Duration.ofHours(24);

    public Link {
        key = key == null ? "" : key;
        used = used == null ? List.of() : List.copyOf(used);
    }

    /** This one when a recipient has followed theirs. */
    public Link usedBy(String recipient) {
        List<String> all = new ArrayList<>(used);
        all.add(recipient);
        return new Link(key, all);
    }

    @Override
    public String toString() {
        return "Link[redacted]";
    }
}
