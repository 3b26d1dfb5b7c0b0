package dev.tollgate.stage;

import dev.tollgate.detect.Finding;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.Redactor;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Originals;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Text;
import dev.tollgate.stage.Inspector.Found;
import dev.tollgate.wire.ReplyContent;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Puts placeholders for everything that the rules for secrets and personal data find into what is kept of a call, whatever the policy does about
 * it in the call itself: what was only marked, observed or denied must not lie on a disk either. What the scan has searched is remembered.
 */
public final class Masking {
    private static final Set<Kind> KINDS = Set.of(Kind.SECRET, Kind.PERSONAL);

    private final Inspector inspector;

    public Masking(Inspector inspector) {
        this.inspector = inspector;
    }

    /** It cannot be told what a payload says, or a finding cannot be taken out of it. */
    public static final class Unmaskable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unmaskable(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * @param splices changes to the body of the request as it came, those of the stages among them
     * @param count texts that have placeholders which the stages did not put there
     */
    public record Masked(List<Splice> splices, int count) {}

    /**
     * @param content what a reply says, masked
     * @param count texts that have placeholders
     */
    public record MaskedReply(ReplyContent content, int count) {}

    /** Fails with {@link Unmaskable} for a body that cannot be read as text. */
    public Future<Masked> request(Exchange exchange) {
        Content content = exchange.content();
        boolean isUnread = !content.coding().isEmpty()
                || (content.json() == null && !exchange.facts().notScanned().isEmpty());
        if (isUnread) {
            return Future.failedFuture(new Unmaskable("the body cannot be read as text"));
        }
        TextSplices splices = new TextSplices(exchange);
        List<Text> texts = splices.current(exchange.facts().texts());
        return inspector.search(exchange.policy(), texts, KINDS).map(found -> mask(exchange, splices, found));
    }

    private Masked mask(Exchange exchange, TextSplices splices, List<Found> found) {
        if (found.isEmpty()) {
            return new Masked(exchange.splices(), 0);
        }
        Redactor redactor = inspector.redactor(exchange);
        for (Found one : found) {
            if (!splices.isFree(one.text())) {
                // Keeping it would keep the finding.
                throw new Unmaskable("a finding lies in a text that a stage has changed in part");
            }
            splices.replace(one.text(), redactor.redact(one.text().value(), one.findings()));
        }
        return new Masked(splices.applyTo(exchange).splices(), found.size());
    }

    /** A text of the model's, masked. */
    public Future<String> text(Exchange exchange, String text) {
        Text searched = new Text(text, Place.TOOL_ARGUMENTS, "call", 0, 0, false, true);
        return inspector
                .search(exchange.policy(), List.of(searched), KINDS)
                .map(found -> redact(inspector.redactor(exchange), text, found));
    }

    /**
     * What a reply says, masked: what was put back into it as well. Fails with {@link Unmaskable} where it cannot be understood.
     */
    public Future<MaskedReply> reply(Exchange exchange, byte[] reply) {
        Originals restored = Originals.of(exchange.splices());
        return inspector
                .work(reply.length, () -> ReplyContent.of(reply).map(content -> content.map(restored::hide)))
                .compose(content -> content.map(said -> mask(exchange, said))
                        .orElseGet(() -> Future.failedFuture(new Unmaskable("the reply cannot be understood"))));
    }

    private Future<MaskedReply> mask(Exchange exchange, ReplyContent content) {
        List<Text> texts = new ArrayList<>();
        ReplyContent unused = content.map(text -> {
            texts.add(new Text(text, Place.ASSISTANT, "reply", 0, 0, false, true));
            return text;
        });
        return inspector.search(exchange.policy(), texts, KINDS).map(found -> {
            Redactor redactor = inspector.redactor(exchange);
            return new MaskedReply(content.map(text -> redact(redactor, text, found)), found.size());
        });
    }

    private static String redact(Redactor redactor, String text, List<Found> found) {
        List<Finding> theirs = new ArrayList<>();
        for (Found one : found) {
            if (one.text().value().equals(text)) {
                theirs.addAll(one.findings());
            }
        }
        return theirs.isEmpty() ? text : redactor.redact(text, theirs);
    }
}
