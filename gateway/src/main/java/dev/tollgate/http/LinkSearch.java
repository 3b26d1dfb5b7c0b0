package dev.tollgate.http;

import dev.tollgate.detect.CarryingLinks;
import java.util.List;

/** Looks for addresses that carry data away. */
final class LinkSearch implements ReplySearch {
    private final CarryingLinks links;

    LinkSearch(CarryingLinks links) {
        this.links = links;
    }

    /** Sees placeholders: what they stand for would go along. */
    @Override
    public Look look(String plain, String written, boolean isOver) {
        CarryingLinks.Look look = links.look(written, isOver);
        List<Hit> hits = look.hits().stream()
                .map(found -> new Hit(found.start(), found.end(), found.rule(), Topic.LINK))
                .toList();
        return new Look(hits, look.decided());
    }
}
