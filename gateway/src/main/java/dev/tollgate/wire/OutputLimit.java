package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Splice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request says how many tokens of output it allows, so that it can be made to allow fewer. All other bytes of the body stay.
 *
 * @param places what is replaced; more than one where a wire has two names for the limit and the request uses both
 * @param least fewest tokens that the provider takes: its own minimum, or more than the request sets apart for thinking
 */
public record OutputLimit(List<Place> places, long least) {
    public OutputLimit {
        places = List.copyOf(places);
    }

    /**
     * Bytes {@code start..end}, and what stands around the number that takes their place.
     *
     * @param asked the limit that stands there now; null where none does
     */
    record Place(
            int start,
            int end,
            String before,
            String after,
            @Nullable Long asked) {}

    /** The changes that allow this many tokens; a limit that is lower already stays. */
    public List<Splice> at(long tokens) {
        List<Splice> splices = new ArrayList<>(places.size());
        for (Place place : places) {
            if (place.asked == null || place.asked > tokens) {
                splices.add(Splice.of(place.start, place.end, place.before + tokens + place.after));
            }
        }
        return splices;
    }

    /**
     * The limit of an object that holds it under one of some names.
     *
     * @param absent the name it gets where none is there; null if it must not be added
     * @return null where there is none and none may be added, or where what is there is no number
     */
    static @Nullable OutputLimit of(Json.Obj holder, long least, @Nullable String absent, String... names) {
        List<Place> places = new ArrayList<>();
        for (String name : names) {
            switch (holder.get(name)) {
                case null -> {}
                case Json.Num limit -> places.add(new Place(limit.start(), limit.end(), "", "", limit.asLong()));
                case Json.Null none -> places.add(new Place(none.start(), none.end(), "", "", null));
                default -> {
                    return null;
                }
            }
        }
        if (!places.isEmpty()) {
            return new OutputLimit(places, least);
        }
        return absent == null ? null : new OutputLimit(List.of(inside(holder, '"' + absent + "\":", "")), least);
    }

    /** A place for a new first member. */
    static Place inside(Json.Obj holder, String before, String after) {
        String comma = holder.members().isEmpty() ? "" : ",";
        return new Place(holder.start() + 1, holder.start() + 1, before, after + comma, null);
    }
}
