package dev.tollgate.http;

import dev.tollgate.approval.KeptOwner;
import dev.tollgate.approval.KeptReply;
import dev.tollgate.approval.TicketDesk;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.value.ExchangeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reply to the same call that a person decides about: looked for, kept, and dropped. That of another session counts where its client has
 * left, as that of an agent that was started anew. Belongs to one exchange.
 */
final class KeptSearch {
    private static final Future<Optional<KeptReply>> NOTHING_KEPT = Future.succeededFuture(Optional.empty());

    private final ReplyShelf shelf;
    private final TicketDesk desk;
    /** What the reply is kept as; null until somebody asks. */
    private ReplyShelf.@Nullable Name name;
    /** What it was kept as where it was found; null where none was. */
    private @Nullable String foundAs;

    KeptSearch(ReplyShelf shelf, TicketDesk desk) {
        this.shelf = shelf;
        this.desk = desk;
    }

    /** Takes down what the reply would be kept as, before its reviewer changes anything in the call. */
    void remember(Exchange exchange) {
        if (name == null && ReplyShelf.mayKeep(exchange)) {
            name = ReplyShelf.name(exchange);
        }
    }

    /** By the call as its client made it, whatever its reviewer changes in it afterwards. */
    private ReplyShelf.Name name(Exchange exchange) {
        ReplyShelf.Name known = name == null ? ReplyShelf.name(exchange) : name;
        name = known;
        return known;
    }

    /** Empty where none is kept, or nobody can tell. */
    Future<Optional<KeptReply>> find(Exchange exchange) {
        if (!shelf.mayHave(exchange)) {
            return NOTHING_KEPT;
        }
        ReplyShelf.Name known = name(exchange);
        KeptOwner asker = KeptOwner.of(exchange);
        // Both at once: every call waits for the answers where nodes share a store.
        Future<Optional<KeptReply>> ofAnySession = shelf.findOfAnySession(known.anySession());
        return shelf.find(known.keptAs())
                .compose(own -> own.isPresent()
                        ? Future.succeededFuture(own)
                        : ofAnySession.map(other -> other.filter(reply -> isLeft(reply, asker))))
                .onSuccess(found -> found.ifPresent(reply -> foundAs = reply.fingerprint()));
    }

    /** Whether it is the asker's as well, and nobody waits for it. */
    private boolean isLeft(KeptReply reply, KeptOwner asker) {
        KeptOwner owner = reply.owner();
        return owner.agent().equals(asker.agent())
                && owner.team().equals(asker.team())
                && owner.user().equals(asker.user())
                && !desk.isWaiting(new ExchangeId(reply.exchange()));
    }

    /** Whether the reply was kept before. */
    boolean isFound() {
        return foundAs != null;
    }

    /** As {@link ReplyShelf#keep}; of another session's, this one is what is left. */
    Future<Void> keep(Exchange exchange, Target served, String contentType, byte[] body, Duration waits) {
        return shelf.keep(name(exchange), exchange, served, contentType, body, waits)
                .compose(kept -> dropOther(exchange));
    }

    /** As {@link ReplyShelf#drop}. */
    Future<Void> drop(Exchange exchange) {
        return shelf.drop(name(exchange).keptAs(), exchange).compose(dropped -> dropOther(exchange));
    }

    private Future<Void> dropOther(Exchange exchange) {
        String other = foundAs;
        return other == null || other.equals(name(exchange).keptAs())
                ? Future.succeededFuture()
                : shelf.drop(other, exchange);
    }
}
