package dev.tollgate.stage;

import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Text;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The query of a call as a text. It is in no body, so that it cannot be changed, only passed on or refused. */
final class QueryText {
    private static final String PATH = "query";
    /** The parameter in which clients of Gemini send their credential, which is the provider's business. */
    private static final String CREDENTIAL = "key=";

    private QueryText() {}

    /** The texts, and the query's behind them if it says anything. */
    static List<Text> with(List<Text> texts, Endpoint endpoint) {
        String said = said(endpoint.query());
        if (said.isEmpty()) {
            return texts;
        }
        List<Text> all = new ArrayList<>(texts);
        all.add(new Text(said, Place.METADATA, PATH, 0, 0, false, true));
        return all;
    }

    static boolean is(Text text) {
        return text.end() == 0 && text.path().equals(PATH);
    }

    private static String said(@Nullable String query) {
        if (query == null) {
            return "";
        }
        StringBuilder said = new StringBuilder(query.length());
        for (String parameter : query.split("&", -1)) {
            if (!parameter.startsWith(CREDENTIAL)) {
                said.append(decoded(parameter)).append('\n');
            }
        }
        return said.toString();
    }

    private static String decoded(String parameter) {
        try {
            return URLDecoder.decode(parameter, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unfinished) {
            return parameter;
        }
    }
}
