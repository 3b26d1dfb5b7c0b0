package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;
import static dev.tollgate.store.mongo.TicketDocuments.ANY_SESSION;
import static dev.tollgate.store.mongo.TicketDocuments.STANDING;
import static dev.tollgate.store.mongo.TicketDocuments.TURN;

import com.mongodb.MongoException;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tickets in MongoDB, in the collection {@value #COLLECTION}. Each change of state is one {@code findOneAndUpdate} that names the state it
 * starts from. A ticket that stands for a fingerprint carries it in a field of its own under a unique index, so that two nodes cannot open
 * two for one call.
 */
public final class MongoTicketStore implements TicketStore {
    static final String COLLECTION = "tickets";
    /** Most attempts at opening a ticket while others open or give up one for the same call. */
    private static final int MAX_ATTEMPTS = 5;

    /** Most attempts at a change while others change the same ticket: each time one of them gets through. */
    private static final int MAX_CHANGES = 100;

    /** States of which nothing is to be expected once the deadline has passed. */
    private static final List<String> OVER = Stream.of(State.APPROVED, State.DENIED, State.EXPIRED, State.CONSUMED)
            .map(State::name)
            .toList();

    /** States in which a ticket can stand for a call. */
    private static final List<String> STATES = Stream.of(State.PENDING, State.APPROVED, State.DENIED, State.EXPIRED)
            .map(State::name)
            .toList();

    private static final int DUPLICATE_KEY = 11_000;

    private static final Logger LOG = LoggerFactory.getLogger(MongoTicketStore.class);

    private final MongoConnection connection;
    private final MongoCollection<Document> tickets;

    public MongoTicketStore(MongoConnection connection) {
        this.connection = connection;
        this.tickets = connection.collection(COLLECTION);
    }

    /**
     * Makes the indexes, if they are not there. Without the unique one two nodes could ask two people about one call. Says so if the server is one
     * that was seen to let two changes through of which only one may be.
     */
    public Future<Void> prepare() {
        IndexOptions one = new IndexOptions().unique(true).sparse(true);
        return MongoConnection.done(tickets.createIndex(Indexes.ascending(STANDING), one))
                .compose(done -> MongoConnection.done(tickets.createIndex(Indexes.ascending("state", "createdAt"))))
                .compose(done -> MongoConnection.done(tickets.createIndex(Indexes.ascending("state", "deadline"))))
                .compose(done -> MongoConnection.done(tickets.createIndex(Indexes.ascending(ANY_SESSION, "deadline"))))
                .compose(done -> MongoConnection.done(
                        tickets.createIndex(Indexes.ascending(TURN, "deadline"), new IndexOptions().sparse(true))))
                .compose(done -> connection.standIn())
                .map(standIn -> {
                    standIn.ifPresent(server -> LOG.warn(
                            "{} finds and changes in two steps: calls that are held may be decided or let through more than once if"
                                    + " several do it at the same moment. Use MongoDB where calls are held.",
                            server));
                    return null;
                });
    }

    @Override
    public Future<Ticket> openOrJoin(Ticket draft, Predicate<Ticket> isFree) {
        return takeOver(draft, isFree)
                .compose(taken -> taken.map(Future::succeededFuture).orElseGet(() -> openOrJoin(draft, 1)));
    }

    /** A ticket of another session, where none stands for this one. */
    private Future<Optional<Ticket>> takeOver(Ticket draft, Predicate<Ticket> isFree) {
        String same = draft.details().anySession();
        if (same.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        Bson standing = and(eq(ANY_SESSION, same), gt("deadline", Date.from(draft.createdAt())), in("state", STATES));
        return some(standing, MAX_SAME).compose(found -> {
            boolean isOurs =
                    found.stream().anyMatch(ticket -> ticket.fingerprint().equals(draft.fingerprint()));
            return isOurs
                    ? Future.succeededFuture(Optional.empty())
                    : found.stream()
                            .sorted(Comparator.comparing(other -> other.state() != State.APPROVED))
                            .filter(other -> other.mayPassTo(draft) && isFree.test(other))
                            .findFirst()
                            .map(free -> pass(free, draft))
                            .orElseGet(() -> Future.succeededFuture(Optional.empty()));
        });
    }

    /** Empty where somebody was faster: then the call is asked about by itself. */
    private Future<Optional<Ticket>> pass(Ticket free, Ticket draft) {
        Bson unchanged = and(
                eq("_id", free.id().value()),
                eq(STANDING, free.fingerprint()),
                eq("state", free.state().name()));
        Bson passed = combine(set(STANDING, draft.fingerprint()), set("fingerprint", draft.fingerprint()));
        return giveUpStale(draft)
                .compose(done -> MongoConnection.first(tickets.findOneAndUpdate(unchanged, passed, after())))
                .map(found -> found.map(TicketDocuments::ticket))
                .recover(failure ->
                        isDuplicate(failure) ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure));
    }

    private Future<Ticket> openOrJoin(Ticket draft, int attempt) {
        // Side by side instead of within $and: not every server takes the fields of a new document out of that.
        Bson standing = new Document(STANDING, draft.fingerprint())
                .append("deadline", new Document("$gt", Date.from(draft.createdAt())));
        Bson opened = new Document("$setOnInsert", TicketDocuments.of(draft));
        return MongoConnection.first(tickets.findOneAndUpdate(standing, opened, after().upsert(true)))
                .map(found -> TicketDocuments.ticket(found.orElseThrow()))
                .transform(result -> result.failed() && isDuplicate(result.cause()) && attempt < MAX_ATTEMPTS
                        ? giveUpStale(draft).compose(done -> openOrJoin(draft, attempt + 1))
                        : Future.future(promise -> promise.handle(result)));
    }

    /** A ticket past its deadline stands for its fingerprint no more, even if nobody has marked it expired yet. */
    private Future<Void> giveUpStale(Ticket draft) {
        Bson stale = and(eq(STANDING, draft.fingerprint()), lte("deadline", Date.from(draft.createdAt())));
        return MongoConnection.done(tickets.updateOne(stale, unset(STANDING)));
    }

    @Override
    public Future<Optional<Ticket>> find(TicketId id) {
        return MongoConnection.first(tickets.find(eq("_id", id.value())).limit(1))
                .map(found -> found.map(TicketDocuments::ticket));
    }

    @Override
    public Future<List<Ticket>> ofTurn(String digest, Instant at) {
        return some(and(eq(TURN, digest), gt("deadline", Date.from(at))), Sorts.descending("createdAt"), MAX_SAME);
    }

    @Override
    public Future<List<Ticket>> list(State state, int limit) {
        return state == State.PENDING
                ? some(eq("state", state.name()), limit)
                : some(eq("state", state.name()), Sorts.descending("createdAt"), limit);
    }

    @Override
    public Future<List<Ticket>> waitingForClients(Instant at, int limit) {
        return some(and(eq("state", State.APPROVED.name()), gt("deadline", Date.from(at))), limit);
    }

    @Override
    public Future<Integer> forget(Instant before) {
        // Never a pending one, whatever its deadline: it is ended first, and on the record.
        Bson over = and(in("state", OVER), lt("deadline", Date.from(before)));
        return MongoConnection.all(
                        tickets.find(over)
                                .projection(Projections.include("_id"))
                                .limit(MAX_IDS),
                        MAX_IDS)
                .compose(found -> {
                    List<String> ids = found.stream()
                            .map(ticket -> ticket.getString("_id"))
                            .toList();
                    return ids.isEmpty()
                            ? Future.succeededFuture(0)
                            : MongoConnection.first(tickets.deleteMany(and(in("_id", ids), over)))
                                    .map(done -> (int) done.orElseThrow().getDeletedCount());
                });
    }

    @Override
    public Future<Optional<Ticket>> amend(TicketId id, UnaryOperator<Ticket> change) {
        return amend(id, change, 1);
    }

    private Future<Optional<Ticket>> amend(TicketId id, UnaryOperator<Ticket> change, int attempt) {
        return MongoConnection.first(tickets.find(eq("_id", id.value())).limit(1))
                .compose(found -> {
                    if (found.isEmpty()) {
                        return Future.succeededFuture(Optional.empty());
                    }
                    Ticket ticket = TicketDocuments.ticket(found.get());
                    Ticket changed = change.apply(ticket);
                    if (changed.equals(ticket)) {
                        return Future.succeededFuture(Optional.of(ticket));
                    }
                    Bson unchanged = TicketDocuments.unchanged(ticket, found.get());
                    return MongoConnection.first(
                                    tickets.findOneAndUpdate(unchanged, TicketDocuments.change(changed), after()))
                            .compose(written -> {
                                if (written.isPresent()) {
                                    return Future.succeededFuture(written.map(TicketDocuments::ticket));
                                }
                                return attempt < MAX_CHANGES
                                        ? amend(id, change, attempt + 1)
                                        : Future.failedFuture(
                                                "ticket " + id + " was changed by others " + attempt + " times");
                            });
                });
    }

    @Override
    public Future<List<Ticket>> decidedAmong(Collection<TicketId> ids) {
        List<String> names = ids.stream().map(TicketId::value).toList();
        return some(and(in("_id", names), ne("state", State.PENDING.name())), MAX_IDS);
    }

    @Override
    public Future<Boolean> consume(TicketId id, String fingerprint, Instant at) {
        Bson approved = and(eq("_id", id.value()), eq("state", State.APPROVED.name()), gt("deadline", Date.from(at)));
        return MongoConnection.first(tickets.findOneAndUpdate(
                        approved,
                        combine(set("state", State.CONSUMED.name()), set("fingerprint", fingerprint), unset(STANDING))))
                .map(Optional::isPresent);
    }

    @Override
    public Future<List<Ticket>> expire(Instant now) {
        return some(and(eq("state", State.PENDING.name()), lte("deadline", Date.from(now))), MAX_IDS)
                .compose(overdue -> {
                    Future<List<Ticket>> all = Future.succeededFuture(new ArrayList<>());
                    for (Ticket ticket : overdue) {
                        all = all.compose(expired -> end(ticket, now).map(changed -> {
                            changed.ifPresent(expired::add);
                            return expired;
                        }));
                    }
                    return all;
                });
    }

    /** Yields the ticket only to the one caller that ended it. */
    private Future<Optional<Ticket>> end(Ticket ticket, Instant now) {
        Bson overdue =
                and(eq("_id", ticket.id().value()), eq("state", State.PENDING.name()), lte("deadline", Date.from(now)));
        // Details that came in between are kept: who ends a ticket changes only how it stands.
        Bson ended = TicketDocuments.stand(ticket.timedOut(now));
        return MongoConnection.first(tickets.findOneAndUpdate(overdue, ended, after()))
                .map(found -> found.map(TicketDocuments::ticket));
    }

    private Future<List<Ticket>> some(Bson filter, int limit) {
        return some(filter, Sorts.ascending("createdAt"), limit);
    }

    private Future<List<Ticket>> some(Bson filter, Bson order, int limit) {
        return MongoConnection.all(tickets.find(filter).sort(order).limit(limit), limit)
                .map(found -> found.stream().map(TicketDocuments::ticket).toList());
    }

    private static FindOneAndUpdateOptions after() {
        return new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);
    }

    private static boolean isDuplicate(Throwable failure) {
        return failure instanceof MongoException refused && refused.getCode() == DUPLICATE_KEY;
    }
}
