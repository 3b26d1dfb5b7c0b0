package dev.tollgate.approval;

import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.exchange.Originals;
import dev.tollgate.exchange.Splice;
import dev.tollgate.wire.Transcript;
import dev.tollgate.wire.Transcript.Entry;
import dev.tollgate.wire.Transcript.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The calls of tools that a request tells of since a person last spoke, as a reviewer may read them: what the agent has just done. */
final class LastCalls {
    /** Most calls that are kept with a ticket, those that came last. */
    static final int MAX_CALLS = 4;
    /** Largest body that is read again for them, in bytes. */
    static final int MAX_BODY_BYTES = 1 << 20;

    private LastCalls() {}

    static List<ShownCall> of(Exchange exchange) {
        Content content = exchange.content();
        if (!NewTurn.mayShow(exchange) || content.json() == null || content.bytes().length > MAX_BODY_BYTES) {
            return List.of();
        }
        try {
            byte[] redacted = Splice.apply(content.bytes(), exchange.splices());
            return last(Transcript.of(JsonReader.readObject(redacted)), Originals.hidden(exchange.splices()));
        } catch (JsonRefused noJson) {
            // What cannot be read as it will be sent is not shown.
            return List.of();
        }
    }

    private static List<ShownCall> last(List<Entry> said, Originals hidden) {
        List<ShownCall> calls = new ArrayList<>();
        for (int i = said.size() - 1; i >= 0 && calls.size() < MAX_CALLS; i--) {
            Entry entry = said.get(i);
            if (entry.kind() == Kind.TEXT && entry.role().equals("user")) {
                break;
            }
            if (entry.kind() == Kind.TOOL_CALL) {
                calls.add(ShownCall.of(entry.name(), hidden.hide(entry.text())));
            }
        }
        Collections.reverse(calls);
        return calls;
    }
}
