package dev.tollgate.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.approval.Edit;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Text;
import dev.tollgate.stage.ReadStage;
import dev.tollgate.wire.Wires;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A call as a reviewer has changed it. */
final class EditedCall {
    private EditedCall() {}

    /** The call with texts changed, before any stage has looked at it; empty where one is not found, or the body not understood any more. */
    static Optional<Exchange> of(Wires wires, Exchange exchange, Edit edit) {
        List<Splice> splices = new ArrayList<>();
        for (Edit one : edit.all()) {
            List<Text> named = exchange.facts().texts().stream()
                    .filter(text ->
                            text.isNew() && text.isJsonString() && text.path().equals(one.path()))
                    .toList();
            if (named.size() != 1) {
                return Optional.empty();
            }
            Text text = named.getFirst();
            splices.add(Splice.of(text.start(), text.end(), quoted(one.text())));
        }
        splices.sort(Comparator.comparingInt(Splice::start));
        byte[] body = Splice.apply(exchange.content().bytes(), splices);
        try {
            Content content = ReadStage.reread(wires, exchange, body);
            // What stages changed, they changed in the other body: they look at this one anew.
            return Optional.of(exchange.withContent(content).withAllSplices(List.of()));
        } catch (JsonRefused notUnderstood) {
            return Optional.empty();
        }
    }

    private static String quoted(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }
}
