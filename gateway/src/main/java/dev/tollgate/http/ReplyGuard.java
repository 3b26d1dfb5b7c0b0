package dev.tollgate.http;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.http.HeldEvent.Piece;
import dev.tollgate.stage.Inspector;
import dev.tollgate.wire.JsonEdits;
import dev.tollgate.wire.JsonEdits.Change;
import dev.tollgate.wire.JsonEdits.Edit;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.ReplyStrings;
import dev.tollgate.wire.ReplyStrings.Said;
import dev.tollgate.wire.ReplyStrings.Strings;
import dev.tollgate.wire.StreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the events of a reply back until nothing in them can become a finding, masks what is to be masked, puts back what was redacted in the
 * request, and says when the reply must end. An event leaves as it came unless something in it is changed. What cannot be read is not passed
 * on where anything is looked for. Belongs to one reply.
 *
 * <p>A text that falls silent does not hold up the others for long: its events leave without what is undecided of them, and that goes with the
 * text's next event, or, where none comes, with a copy of the last before the reply ends. So nothing undecided ever leaves.
 */
final class ReplyGuard {
    /** An event waits for its texts while so many chars come behind it. */
    private static final int MOST_HELD_CHARS = 4096;
    /** Most chars of one text that nothing is decided of: no rule needs as many. */
    private static final int MOST_UNDECIDED_CHARS = 1 << 20;

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final ReplyRules rules;
    private final Map<String, ReplyText> texts = new LinkedHashMap<>();
    private final Deque<HeldEvent> queue = new ArrayDeque<>();
    private @Nullable StreamReader reader;
    private long chars;

    /** Where events go. */
    interface Sink {
        void leave(byte[] raw, @Nullable String name, byte @Nullable [] data);
    }

    /** @return null where the policy does not look at replies, and nothing is to be put back */
    static @Nullable ReplyGuard of(Exchange exchange, Inspector inspector) {
        ReplyRules rules = ReplyRules.of(exchange, inspector);
        return rules == null ? null : new ReplyGuard(rules);
    }

    private ReplyGuard(ReplyRules rules) {
        this.rules = rules;
    }

    /** Who cuts the stream, and can put other content into its events. */
    void cutBy(StreamReader cutter) {
        reader = cutter;
    }

    /** Why the reply must end; null as long as it may go on. Nothing is passed on any more. */
    @Nullable
    Problem problem() {
        return rules.problem();
    }

    /** Whether what cannot be read must not pass. */
    boolean mustRead() {
        return rules.mustRead();
    }

    /** Whether anything was looked for or done. */
    boolean hasSomethingToTell() {
        return rules.isSearching() || rules.findings().hasRestored();
    }

    /** What was found, for the record. */
    Verdict verdict() {
        return rules.findings().verdict();
    }

    /** A part of the reply, or all of it, cannot be read. */
    void unreadable(String why) {
        if (mustRead()) {
            rules.refuse(why);
        }
    }

    /** Takes an event. */
    void take(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        if (problem() != null) {
            return;
        }
        long began = System.nanoTime();
        Strings strings = data == null || Arrays.equals(data, DONE) ? Strings.NONE : strings(data);
        if (strings.over() != null) {
            close(strings.over());
        }
        List<Piece> pieces = new ArrayList<>(strings.said().size());
        for (Said said : strings.said()) {
            pieces.add(piece(said));
        }
        queue.add(new HeldEvent(raw, name, data, pieces, chars, null));
        for (Piece piece : pieces) {
            chars += piece.length();
            rules.findings().searched(piece.said().bytes());
            look(piece.text().channel());
        }
        rules.findings().took(System.nanoTime() - began);
    }

    private Strings strings(byte[] data) {
        try {
            return ReplyStrings.of(data, true);
        } catch (JsonRefused unread) {
            unreadable("an event of the reply is no JSON that could be scanned");
            return Strings.NONE;
        }
    }

    private Piece piece(Said said) {
        boolean isAlone = said.channel().isEmpty();
        ReplyText text = isAlone
                ? new ReplyText(said.isJson())
                : texts.computeIfAbsent(said.channel(), any -> new ReplyText(said.isJson()));
        if (text.isClosed()) {
            // What was let go as the end of a text may have been the beginning of a finding.
            unreadable("a text of the reply went on behind its end");
        }
        text.waits();
        Piece piece = new Piece(text, said, text.channel().append(said.text()));
        if (isAlone) {
            text.channel().look(rules, true);
        }
        return piece;
    }

    private void look(ReplyChannel channel) {
        if (channel.isDue(rules)) {
            channel.look(rules, false);
            if (channel.undecided() > MOST_UNDECIDED_CHARS) {
                unreadable("a text of the reply has more than " + MOST_UNDECIDED_CHARS
                        + " characters that may become a finding");
            }
        }
    }

    /** A block has ended: its texts go on no more. */
    private void close(String indexes) {
        texts.forEach((channel, text) -> {
            if (channel.startsWith(indexes) && !text.isClosed()) {
                text.channel().look(rules, true);
                text.close();
                HeldEvent rest = text.rest(chars);
                if (rest != null) {
                    queue.add(rest);
                }
            }
        });
    }

    /** Hands on what may leave. */
    void release(Sink to) {
        while (problem() == null && !queue.isEmpty() && mayLeave(queue.getFirst())) {
            write(queue.removeFirst(), to);
        }
    }

    private boolean mayLeave(HeldEvent event) {
        return event.rest() != null || chars - event.charsBefore() > MOST_HELD_CHARS || event.isDecided();
    }

    /** No more comes: hands on all that is left. */
    void finish(Sink to) {
        long began = System.nanoTime();
        for (ReplyText text : texts.values()) {
            text.channel().look(rules, true);
            HeldEvent rest = problem() == null ? text.rest(chars) : null;
            if (rest != null) {
                write(rest, to);
            }
        }
        while (problem() == null && !queue.isEmpty()) {
            write(queue.removeFirst(), to);
        }
        rules.findings().took(System.nanoTime() - began);
    }

    private void write(HeldEvent event, Sink to) {
        List<Change> changes = event.leave();
        byte[] data = event.data();
        if (changes.isEmpty() || data == null || reader == null) {
            to.leave(event.raw(), event.name(), data);
        } else {
            byte[] changed = JsonEdits.apply(data, changes);
            to.leave(reader.with(event.raw(), data, changed), event.name(), changed);
        }
    }

    /** What is passed on of a whole document; empty if it must not be. On any thread, while nobody else uses the guard. */
    Optional<byte[]> document(byte[] json) {
        long began = System.nanoTime();
        try {
            List<Change> changes = new ArrayList<>();
            for (Said said : ReplyStrings.of(json, false).said()) {
                ReplyChannel channel = new ReplyChannel(said.isJson());
                int start = channel.append(said.text());
                rules.findings().searched(said.bytes());
                channel.look(rules, true);
                List<Edit> edits = channel.pass(start, said.text().length());
                if (!edits.isEmpty()) {
                    changes.add(new Change(said, edits));
                }
            }
            byte[] changed = changes.isEmpty() ? json : JsonEdits.apply(json, changes);
            return problem() == null ? Optional.of(changed) : Optional.empty();
        } catch (JsonRefused unread) {
            unreadable("the reply is no JSON that could be scanned");
            return mustRead() ? Optional.empty() : Optional.of(json);
        } finally {
            rules.findings().took(System.nanoTime() - began);
        }
    }
}
