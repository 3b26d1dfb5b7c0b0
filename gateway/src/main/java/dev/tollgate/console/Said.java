package dev.tollgate.console;

import dev.tollgate.approval.ShownCall;
import dev.tollgate.audit.payload.Step;
import dev.tollgate.audit.payload.Step.Piece;
import dev.tollgate.audit.payload.StoredPayload;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.wire.ReplyContent;
import dev.tollgate.wire.Transcript;
import dev.tollgate.wire.Transcript.Entry;
import dev.tollgate.wire.Transcript.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was said in one call, as a page shows it. Prints nothing of it.
 *
 * @param level at which it was kept
 * @param entries what was new in the request
 * @param unread the request, where it is no conversation of a known wire; shortened, empty otherwise
 * @param answer what the model said; empty where that was not kept or cannot be read
 * @param reply what the model did, in a line; empty where that is not known
 * @param isCut whether more was said than is kept
 */
record Said(
        Capture level, List<Entry> entries, String unread, Optional<ReplyContent> answer, String reply, boolean isCut) {
    private static final int MAX_LINE = 180;
    private static final int MAX_UNREAD = 4_000;

    Said {
        entries = List.copyOf(entries);
    }

    static Said of(Step step) {
        byte[] body = body(step);
        StoredPayload request = step.request();
        StoredPayload reply = step.reply();
        List<Entry> entries = new ArrayList<>();
        String unread = "";
        try {
            for (Entry entry : Transcript.of(JsonReader.readObject(body))) {
                if (isNew(entry, step.pieces())) {
                    entries.add(entry);
                }
            }
        } catch (JsonRefused noJson) {
            unread = shortened(new String(body, StandardCharsets.UTF_8), MAX_UNREAD);
        }
        boolean isCut = (request != null && request.total() > body.length) || (reply != null && reply.isCut());
        Optional<ReplyContent> answer = answer(reply);
        return new Said(
                step.level(), entries, unread, answer, answer.map(Said::reply).orElse(""), isCut);
    }

    private static byte[] body(Step step) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        step.pieces().forEach(piece -> body.writeBytes(piece.bytes()));
        return body.toByteArray();
    }

    /** Whether some of the entry's message stands in a piece that no call before had. */
    private static boolean isNew(Entry entry, List<Piece> pieces) {
        int at = 0;
        for (Piece piece : pieces) {
            int end = at + piece.bytes().length;
            // A piece may begin with the comma before its message.
            if (piece.isNew() && at < entry.end() && end > entry.start() + 1) {
                return true;
            }
            at = end;
        }
        return false;
    }

    private static Optional<ReplyContent> answer(@Nullable StoredPayload reply) {
        if (reply == null) {
            return Optional.empty();
        }
        try {
            return reply.isAssembled()
                    ? Optional.of(ReplyContent.parse(reply.bytes()))
                    : ReplyContent.of(reply.bytes());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether it may hold what the scan took out before it went to the provider. */
    boolean isOriginal() {
        return level == Capture.FULL;
    }

    /** What was asked, in a line: the newest words of the user, or of the tools. Empty where nothing was new. */
    String question() {
        for (Entry entry : entries.reversed()) {
            if (entry.kind() == Kind.TEXT && entry.role().equals("user")) {
                return line(entry.text());
            }
            if (entry.kind() == Kind.TOOL_RESULT) {
                return "tool answered: " + line(entry.text());
            }
        }
        return "";
    }

    private static String reply(ReplyContent answer) {
        String calls = answer.tools().stream()
                .map(tool -> line(CallView.of(new ShownCall(tool.name(), tool.arguments(), true))
                        .line()))
                .collect(Collectors.joining("; "));
        return calls.isEmpty() ? line(answer.text()) : line(calls);
    }

    private static String line(String text) {
        return shortened(text.strip().replaceAll("\\s+", " "), MAX_LINE);
    }

    static String shortened(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "…";
    }

    @Override
    public String toString() {
        return "Said[" + entries.size() + " entries, redacted]";
    }
}
