package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The question about spend that an address asks: {@code by=team,model&team=search&tag=project:alpha&time_zone=Europe/Berlin}. */
final class SpendQuestion {
    private SpendQuestion() {}

    static SpendQuery of(Parameters asked, Instant from, Instant to) {
        try {
            String zone = asked.get("time_zone");
            List<GroupKey> by = new ArrayList<>();
            for (String name : (asked.get("by").isEmpty() ? "team" : asked.get("by")).split(",", -1)) {
                by.add(GroupKey.parse(name));
            }
            return new SpendQuery(from, to, ZoneId.of(zone.isEmpty() ? "UTC" : zone), by, only(asked));
        } catch (DateTimeException unknown) {
            throw Refused.badRequest("time_zone must be one like Europe/Berlin");
        } catch (IllegalArgumentException wrong) {
            throw Refused.badRequest(String.valueOf(wrong.getMessage()));
        }
    }

    /** What the question is limited to: a value by the name of a key; a tag with its name and its value. */
    static Map<GroupKey, String> only(Parameters asked) {
        Map<GroupKey, String> only = new LinkedHashMap<>();
        for (Dimension dimension : Dimension.values()) {
            String value = asked.get(dimension.name().toLowerCase(Locale.ROOT));
            if (!value.isEmpty() && dimension == Dimension.TAG) {
                int colon = value.indexOf(':');
                String name = colon < 0 ? value : value.substring(0, colon);
                only.put(new GroupKey(Dimension.TAG, name), colon < 0 ? "" : value.substring(colon + 1));
            } else if (!value.isEmpty()) {
                only.put(GroupKey.of(dimension), value);
            }
        }
        return only;
    }
}
