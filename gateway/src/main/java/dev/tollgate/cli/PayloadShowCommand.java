package dev.tollgate.cli;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.audit.payload.Answer;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.audit.payload.StoredPayload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the log says of one call, and with leave what was said in it. */
@Command(
        name = "show",
        description = "Shows one exchange. With --payloads also what was said, which is recorded.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:shown",
            "1:there is no such exchange, the stores cannot be read, or a payload is not what its record commits to",
            "2:wrong arguments"
        })
final class PayloadShowCommand extends StoreCommand {
    @Parameters(paramLabel = "EXCHANGE", description = "Id of the exchange, as in its reply's x-tollgate-exchange-id.")
    private String exchange = "";

    @Option(names = "--payloads", description = "Show request and reply as they are kept.")
    private boolean payloads;

    @Override
    int run(LocalStores stores, PrintWriter out) throws IOException {
        ExchangeRow row = LocalStores.await(stores.index().find(exchange))
                .orElseThrow(() -> new IOException("the log holds no exchange " + exchange));
        Received received = row.received();
        out.printf("%s %s %s %s%n", received.at(), received.method(), received.endpoint(), received.model());
        out.printf(
                "agent %s, team %s, key %s, session %s, policy %s%n",
                received.agent(), received.team(), received.key(), received.session(), received.policy());
        received.verdicts()
                .forEach(verdict -> out.printf(
                        "  %-9s %-10s %s %s%n",
                        verdict.stage(), verdict.result(), verdict.code(), String.join(" ", verdict.rules())));
        row.ended()
                .ifPresentOrElse(
                        ended -> out.printf(
                                "%s %d %s, served by %s, cost %s%n",
                                ended.result(),
                                ended.status(),
                                ended.code(),
                                ended.target().isEmpty() ? "nobody" : ended.target(),
                                ended.cost() == null ? "unknown" : ended.cost()),
                        () -> out.println("has not ended"));
        if (payloads) {
            stores.record(
                    "payload_revealed", exchange, Map.of("agent", received.agent(), "session", received.session()));
        }
        boolean isRequestSound = part(stores, received, Part.REQUEST, received.payload(), out);
        PayloadNote ofReply = row.ended().map(Ended::payload).orElse(null);
        return part(stores, received, Part.REPLY, ofReply, out) && isRequestSound ? 0 : 1;
    }

    private boolean part(LocalStores stores, Received received, Part part, @Nullable PayloadNote note, PrintWriter out)
            throws IOException {
        if (note == null) {
            out.println(part.id() + ": nothing is kept");
            return true;
        }
        if (!note.missing().isEmpty()) {
            out.println(part.id() + ": was not kept (" + note.missing() + ")");
            return true;
        }
        PayloadReader reader = new PayloadReader(stores.shelf(), stores.payloadKeys());
        return switch (reader.find(exchange, received.at(), part)) {
            case Answer.Kept(StoredPayload payload) -> kept(payload, note, out);
            case Answer.Erased(var word) -> {
                out.println(part.id() + ": erased on " + word.at() + " by " + word.by() + ": " + word.reason());
                yield true;
            }
            case Answer.Missing missing -> {
                out.println(part.id() + ": not there any more, or not written yet");
                yield true;
            }
        };
    }

    private boolean kept(StoredPayload payload, PayloadNote note, PrintWriter out) {
        boolean matches = payload.keeps(note.commitment());
        out.printf(
                Locale.ROOT,
                "%s: %d of %d bytes, %s%s%s, %s%n",
                payload.part().id(),
                payload.bytes().length,
                payload.total(),
                note.level(),
                payload.masked() == 0 ? "" : ", placeholders in " + payload.masked() + " texts",
                payload.isAssembled() ? ", put together from what it said" : "",
                matches ? "matches its record" : "is NOT what its record commits to");
        if (payloads) {
            out.println(new String(payload.bytes(), StandardCharsets.UTF_8));
        }
        return matches;
    }
}
