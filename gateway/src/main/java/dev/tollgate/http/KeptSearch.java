package dev.tollgate.http;

import dev.tollgate.approval.KeptReply;
import dev.tollgate.exchange.Exchange;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks for the reply to the same call that a person decides about. Belongs to one exchange. */
final class KeptSearch {
    private static final Future<Optional<KeptReply>> NOTHING_KEPT = Future.succeededFuture(Optional.empty());

    private final ReplyShelf shelf;
    /** What the reply is kept as; null until somebody asks. */
    private @Nullable String keptAs;

    KeptSearch(ReplyShelf shelf) {
        this.shelf = shelf;
    }

    /** Takes down what the reply would be kept as, before its reviewer changes anything in the call. */
    void remember(Exchange exchange) {
        if (keptAs == null && ReplyShelf.mayKeep(exchange)) {
            keptAs = ReplyShelf.keptAs(exchange);
        }
    }

    /** By the call as its client made it, whatever its reviewer changes in it afterwards. */
    String keptAs(Exchange exchange) {
        String name = keptAs == null ? ReplyShelf.keptAs(exchange) : keptAs;
        keptAs = name;
        return name;
    }

    /** Empty where none is kept, or nobody can tell. */
    Future<Optional<KeptReply>> find(Exchange exchange) {
        return shelf.mayHave(exchange) ? shelf.find(keptAs(exchange)) : NOTHING_KEPT;
    }
}
