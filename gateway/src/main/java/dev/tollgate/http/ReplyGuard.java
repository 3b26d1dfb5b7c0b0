package dev.tollgate.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.detect.Finding;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.Redactor;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.ReplyScanPolicy;
import dev.tollgate.policy.ReplyScanPolicy.Action;
import dev.tollgate.policy.ScanPolicy;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.ReplyStrings;
import dev.tollgate.wire.ReplyStrings.Said;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the events of a reply back until nothing in them can become a finding, masks what is to be masked, and says when the reply must end. An
 * event leaves as it came unless something in it is masked. What cannot be read is not passed on. Belongs to one reply.
 */
final class ReplyGuard implements ReplyChannel.Judge {
    /** An event leaves when so many chars came behind it in other channels: a channel that falls silent must not keep the others. */
    private static final int MOST_HELD_CHARS = 4096;

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final RuleSet rules;
    private final ScanPolicy policy;
    private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    private final Redactor redactor;
    private final Map<String, ReplyChannel> channels = new HashMap<>();
    private final Deque<Held> queue = new ArrayDeque<>();
    private long chars;
    private @Nullable Problem problem;

    /** A string of an event, and where in its channel it stands. */
    private record Piece(ReplyChannel channel, Said said, int start) {}

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Held(
            byte[] raw, @Nullable String name, byte @Nullable [] data, List<Piece> pieces, long charsBefore) {}

    /** Where events go. */
    interface Sink {
        void leave(byte[] raw, @Nullable String name, byte @Nullable [] data);
    }

    /** @return null where the policy does not look at replies */
    static @Nullable ReplyGuard of(PolicySnapshot policy) {
        ScanPolicy scan = policy.bundle().scan();
        boolean isOn = scan.replies().isOn() && scan.mode() == Mode.ENFORCE;
        return isOn ? new ReplyGuard(policy.view(RuleSet.class), scan) : null;
    }

    private ReplyGuard(RuleSet rules, ScanPolicy policy) {
        this.rules = rules;
        this.policy = policy;
        this.redactor = new Redactor(rules);
        ReplyScanPolicy replies = policy.replies();
        if (replies.secrets() != Action.OFF) {
            kinds.add(Kind.SECRET);
        }
        if (replies.personal() != Action.OFF) {
            kinds.add(Kind.PERSONAL);
        }
    }

    /** Why the reply must end; null as long as it may go on. Nothing is passed on any more. */
    @Nullable
    Problem problem() {
        return problem;
    }

    /** Takes an event. */
    void take(byte[] raw, @Nullable String name, byte @Nullable [] data) {
        if (problem != null) {
            return;
        }
        List<Piece> pieces = data == null || Arrays.equals(data, DONE) ? List.of() : pieces(data);
        queue.add(new Held(raw, name, data, pieces, chars));
        for (Piece piece : pieces) {
            chars += piece.said.text().length();
            if (piece.channel.isDue()) {
                piece.channel.look(rules, kinds, this, false);
            }
        }
    }

    private List<Piece> pieces(byte[] data) {
        try {
            List<Piece> pieces = new ArrayList<>();
            for (Said said : ReplyStrings.of(data, true)) {
                boolean isAlone = said.channel().isEmpty();
                ReplyChannel channel = isAlone
                        ? new ReplyChannel()
                        : channels.computeIfAbsent(said.channel(), any -> new ReplyChannel());
                pieces.add(new Piece(channel, said, channel.append(said.text())));
                if (isAlone) {
                    channel.look(rules, kinds, this, true);
                }
            }
            return pieces;
        } catch (JsonRefused unreadable) {
            refuse("an event of the reply is no JSON that could be scanned");
            return List.of();
        }
    }

    /** A part of the reply, or all of it, cannot be read. */
    void unreadable(String why) {
        refuse(why);
    }

    private void refuse(String why) {
        // Passing on what nobody could read would be a way around the rules.
        problem = Problem.of(Problem.Kind.POLICY, "unreadable_content", why);
    }

    /** Hands on what may leave. */
    void release(Sink to) {
        while (problem == null && !queue.isEmpty() && mayLeave(queue.getFirst())) {
            write(queue.removeFirst(), to);
        }
    }

    private boolean mayLeave(Held held) {
        if (chars - held.charsBefore > MOST_HELD_CHARS) {
            return true;
        }
        for (Piece piece : held.pieces) {
            if (!piece.channel.isDecided(piece.start + piece.said.text().length())) {
                return false;
            }
        }
        return true;
    }

    /** No more comes: hands on all that is left. */
    void finish(Sink to) {
        for (ReplyChannel channel : channels.values()) {
            channel.look(rules, kinds, this, true);
        }
        while (problem == null && !queue.isEmpty()) {
            write(queue.removeFirst(), to);
        }
    }

    private void write(Held held, Sink to) {
        byte[] data = held.data;
        byte[] changed = data;
        boolean isChanged = false;
        int shift = 0;
        for (Piece piece : held.pieces) {
            String text = piece.said.text();
            String passed = piece.channel.pass(text, piece.start);
            if (changed != null && !passed.equals(text)) {
                isChanged = true;
                byte[] before = changed;
                changed = spliced(before, piece.said.start() + shift, piece.said.end() + shift, passed);
                shift += changed.length - before.length;
            }
        }
        if (problem != null) {
            return;
        }
        if (data == null || changed == null || !isChanged) {
            to.leave(held.raw, held.name, data);
            return;
        }
        int at = indexOf(held.raw, data);
        if (at < 0) {
            refuse("what is found in an event of this form cannot be masked");
            return;
        }
        byte[] raw = Buffer.buffer(held.raw.length + changed.length)
                .appendBytes(held.raw, 0, at)
                .appendBytes(changed)
                .appendBytes(held.raw, at + data.length, held.raw.length - at - data.length)
                .getBytes();
        to.leave(raw, held.name, changed);
    }

    /** What is passed on of a whole document; empty if it must not be. On any thread, while nobody else uses the guard. */
    Optional<byte[]> document(byte[] json) {
        try {
            byte[] changed = json;
            int shift = 0;
            for (Said said : ReplyStrings.of(json, false)) {
                ReplyChannel channel = new ReplyChannel();
                int start = channel.append(said.text());
                channel.look(rules, kinds, this, true);
                String passed = channel.pass(said.text(), start);
                if (!passed.equals(said.text())) {
                    byte[] before = changed;
                    changed = spliced(before, said.start() + shift, said.end() + shift, passed);
                    shift += changed.length - before.length;
                }
            }
            return problem == null ? Optional.of(changed) : Optional.empty();
        } catch (JsonRefused unreadable) {
            refuse("the reply is no JSON that could be scanned");
            return Optional.empty();
        }
    }

    private static byte[] spliced(byte[] json, int start, int end, String text) {
        byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        return Buffer.buffer(json.length + quoted.length)
                .appendBytes(json, 0, start + 1)
                .appendBytes(quoted)
                .appendBytes(json, end - 1, json.length - end + 1)
                .getBytes();
    }

    private static int indexOf(byte[] raw, byte[] data) {
        for (int at = 0; at <= raw.length - data.length; at++) {
            if (Arrays.equals(raw, at, at + data.length, data, 0, data.length)) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public boolean isMasked(Finding finding) {
        Action action = action(finding);
        if (action == Action.BLOCK) {
            block(finding);
        }
        return action == Action.REDACT;
    }

    @Override
    public void tooLate(Finding finding) {
        block(finding);
    }

    @Override
    public String placeholder(String text, Finding finding) {
        String value = text.substring(finding.start(), finding.end());
        Finding whole = new Finding(
                finding.ruleId(),
                finding.kind(),
                finding.family(),
                finding.severity(),
                0,
                value.length(),
                finding.weight(),
                finding.specific());
        return redactor.redact(value, List.of(whole));
    }

    private Action action(Finding finding) {
        Action byKind = finding.kind() == Kind.SECRET
                ? policy.replies().secrets()
                : policy.replies().personal();
        ScanPolicy.Action named = policy.rules().get(finding.ruleId());
        return switch (named) {
            case null -> rules.marksOnly(finding.ruleId()) ? Action.OFF : byKind;
            case BLOCK -> Action.BLOCK;
            case REDACT -> Action.REDACT;
            case MARK, OFF -> Action.OFF;
        };
    }

    private void block(Finding finding) {
        boolean isSecret = finding.kind() == Kind.SECRET;
        if (problem == null) {
            problem = Problem.of(
                    Problem.Kind.POLICY,
                    isSecret ? "secret_found" : "personal_data_found",
                    "rule " + finding.ruleId() + " found " + (isSecret ? "a secret" : "personal data")
                            + " in the reply; the policy blocks it");
        }
    }
}
