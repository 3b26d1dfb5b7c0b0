package dev.tollgate.store.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.KeptOwner;
import dev.tollgate.approval.KeptReply;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Tickets;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.payload.KeyTable.Wrapped;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadShelf.Additions;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Removal;
import dev.tollgate.audit.payload.PayloadShelf.Resealed;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.identity.ConsoleSession;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.Person;
import dev.tollgate.value.TeamId;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docker/mongo-roles.js} grants, beside what the code really asks of the server. */
final class MongoRolesTest {
    private static final Path SCRIPT = Path.of("..", "docker", "mongo-roles.js");
    private static final Pattern ROLE =
            Pattern.compile("role: \"(\\w+)\",\\s+privileges: \\[(.*?)\\],\\s+roles: \\[", Pattern.DOTALL);
    private static final Pattern PRIVILEGE =
            Pattern.compile("resource: (?:everything|on\\((?:\"(\\w+)\"|name)\\)), actions: \\[([^\\]]*)\\]");
    private static final Pattern MONTH = Pattern.compile("audit(_cuts|_\\d{4}-\\d{2})?");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 21);

    @TempDir
    private Path data;

    private final TestMongo mongo = new TestMongo();
    private final Set<Need> needed = ConcurrentHashMap.newKeySet();
    private final MongoConnection connection =
            MongoConnection.open(mongo.uri(), mongo.database(), Duration.ofSeconds(5), List.of(new CommandListener() {
                @Override
                public void commandStarted(CommandStartedEvent event) {
                    needed.addAll(needs(event.getCommandName(), event.getCommand()));
                }
            }));

    /** An action on a collection. */
    private record Need(String collection, String action) {}

    @AfterEach
    void close() {
        connection.close();
        mongo.close();
    }

    private static List<Need> needs(String name, BsonDocument command) {
        BsonValue about = command.get(name);
        String collection = about != null && about.isString() ? about.asString().getValue() : "";
        List<String> actions = switch (name) {
            case "find", "aggregate", "count", "distinct" -> List.of("find");
            case "insert" -> List.of("insert", "createCollection");
            case "update" ->
                command.toString().contains("\"upsert\": true") ? List.of("update", "insert") : List.of("update");
            case "findAndModify" ->
                command.containsKey("upsert")
                        ? List.of("find", "update", "insert", "createCollection")
                        : List.of("find", "update");
            case "delete" -> List.of("remove");
            case "drop" -> List.of("dropCollection");
            case "createIndexes" -> List.of("createIndex", "createCollection");
            case "listCollections" -> List.of("listCollections");
            // Nobody needs a privilege for these.
            case "ping", "buildInfo", "endSessions", "getMore", "killCursors", "hello", "isMaster" -> List.of();
            default -> List.of("unknown command " + name);
        };
        return actions.stream().map(action -> new Need(collection, action)).toList();
    }

    /** Actions by collection, of several roles together; those on all collections under an empty name. */
    private static Map<String, Set<String>> granted(String... roles) throws IOException {
        Map<String, Set<String>> granted = new HashMap<>();
        Matcher role = ROLE.matcher(Files.readString(SCRIPT));
        List<String> met = new ArrayList<>();
        while (role.find()) {
            if (List.of(roles).contains(role.group(1))) {
                met.add(role.group(1));
                Matcher privilege = PRIVILEGE.matcher(role.group(2));
                while (privilege.find()) {
                    boolean isAll = privilege.group().contains("everything");
                    String collection = isAll ? "" : privilege.group(1) == null ? "months" : privilege.group(1);
                    for (String action : privilege.group(2).replace("\"", "").split(", ", -1)) {
                        granted.computeIfAbsent(collection, none -> new HashSet<>())
                                .add(action);
                    }
                }
            }
        }
        assertThat(met).containsExactlyInAnyOrder(roles);
        return granted;
    }

    private void assertGranted(String... roles) throws IOException {
        Map<String, Set<String>> granted = granted(roles);
        assertThat(needed).isNotEmpty().allMatch(need -> {
            Set<String> allowed = new HashSet<>(granted.getOrDefault("", Set.of()));
            allowed.addAll(granted.getOrDefault(need.collection(), Set.of()));
            if (MONTH.matcher(need.collection()).matches()) {
                allowed.addAll(granted.getOrDefault("months", Set.of()));
            }
            return allowed.contains(need.action());
        });
    }

    private void gateway() throws Exception {
        MongoKeyStore keys = new MongoKeyStore(connection);
        await(keys.prepare());
        KeyMint.Minted minted = new KeyMint(new SecureRandom(), InstantSource.system())
                .mint(new AgentId("a"), new TeamId("t"), Scopes.ALL, null);
        await(keys.add(minted.key()));
        await(keys.list(1));
        await(keys.revoke(minted.key().id(), Instant.now()));
        MongoConsoleSessionStore sessions = new MongoConsoleSessionStore(connection);
        await(sessions.prepare());
        Instant signedIn = Instant.now();
        await(sessions.begin(
                new ConsoleSession("hash", new ConsoleSession.Proof.ByToken("print"), signedIn, signedIn, ""), 10));
        await(sessions.tell("hash", "Approved."));
        await(sessions.end("hash"));
        MongoAccessTokenStore tokens = new MongoAccessTokenStore(connection);
        await(tokens.prepare());
        AccessTokenMint.Minted token = new AccessTokenMint(new SecureRandom(), InstantSource.system())
                .mint("ci", List.of(new Person.Duty(Person.VIEWER, Person.ALL_TEAMS)), "admin", null);
        await(tokens.add(token.token()));
        await(tokens.revoke(token.token().id(), Instant.now()));
        MongoTicketStore tickets = new MongoTicketStore(connection);
        await(tickets.prepare());
        await(tickets.openOrJoin(Tickets.pending("A1", "f1")));
        await(tickets.list(State.PENDING, 1));
        await(tickets.forget(Instant.now()));
        MongoKeptReplies replies = new MongoKeptReplies(connection);
        await(replies.prepare());
        await(replies.put(reply(), Instant.EPOCH));
        await(replies.find("f1", Instant.EPOCH));
        await(replies.drop("f1"));
        ship();
        MongoAuditIndex index = new MongoAuditIndex(connection);
        await(index.recent(AuditIndex.Filter.ALL, 5));
        await(index.spend(SpendQuery.of(Instant.EPOCH, Instant.now(), Dimension.TEAM)));
        MongoPayloads payloads = new MongoPayloads(connection, InstantSource.system());
        assertThat(payloads.secret()).isNotEmpty();
        String put = payloads.change(DAY, drawer -> {
            drawer.put(new Additions(Map.of(), List.of(), List.of(row())));
            payloads.keys().add(key());
            return "put";
        });
        assertThat(put).isEqualTo("put");
        assertThat(payloads.days()).containsExactly(DAY);
    }

    private static Wrapped key() {
        return new Wrapped(DAY, "t", 1, 7, 8, new byte[] {1}, false);
    }

    private static KeptReply reply() {
        KeptOwner owner = new KeptOwner("t", "a", "s", "", Instant.EPOCH);
        return new KeptReply("f1", "", "ex_1", "m", "text/plain", new byte[] {1}, Instant.now(), owner, null);
    }

    private static Row row() {
        return new Row("ex_1", Part.REQUEST, 1, "t", "a", "s", "u", new byte[] {1});
    }

    @CanIgnoreReturnValue
    private String ship() throws Exception {
        try (Journal journal = JournalFolder.open(data, JournalFolder.FAST)) {
            await(journal.append(Records.received("ex_1")));
            await(journal.append(Records.ended("ex_1")));
            MongoAudit sink = new MongoAudit(connection, journal.head().node());
            await(sink.prepare());
            await(sink.refill());
            try (JournalTail tail =
                    new JournalTail(journal.folder(), () -> Optional.of(journal.head()), sink, Duration.ofMillis(5))) {
                tail.catchUp();
            }
            return journal.head().node();
        }
    }

    @Test
    void gateway_mayDoWhatItDoes() throws Exception {
        gateway();

        assertGranted("tollgateGateway");
    }

    @Test
    void gateway_mayNotChangeOrRemoveEvidence() throws Exception {
        Map<String, Set<String>> granted = granted("tollgateGateway");

        assertThat(granted.get("")).doesNotContain("update", "remove", "dropCollection");
        assertThat(granted.keySet())
                .noneMatch(name -> MONTH.matcher(name).matches() || name.startsWith("payload_rows"));
    }

    @Test
    void retention_mayDropMonthsAndDays() throws Exception {
        gateway();
        needed.clear();
        assertThat(new MongoPayloads(connection, InstantSource.system()).drop(DAY))
                .isPresent();
        new MongoPayloads(connection, InstantSource.system()).keys().destroyBefore(DAY);
        needed.add(new Need(AuditPartitions.of(Records.NOON), "dropCollection"));
        needed.add(new Need(AuditDocuments.EXCHANGES, "remove"));

        assertGranted("tollgateGateway", "tollgateRetention");
    }

    @Test
    void eraser_mayTakePayloadsOut() throws Exception {
        gateway();
        needed.clear();
        MongoPayloads payloads = new MongoPayloads(connection, InstantSource.system());
        String erased = payloads.change(DAY, drawer -> {
            Erased word = new Erased("ex_1", Instant.EPOCH, "me", "asked for");
            drawer.bar(word);
            drawer.remove(new Removal(List.of(row()), Set.of(), Set.of(), List.of(word)));
            assertThat(drawer.marked(Set.of(7L)).pieces()).isEmpty();
            drawer.reseal(new Resealed(7, Map.of(), List.of(), List.of(row())));
            return "erased";
        });
        payloads.keys().destroy(key());
        assertThat(payloads.keys().unfinished()).isEmpty();
        MongoKeptReplies replies = new MongoKeptReplies(connection);
        await(replies.put(reply(), Instant.EPOCH));
        assertThat(await(replies.erase(new Erasure("agent:a", Instant.EPOCH, "me", "asked for"))))
                .isEqualTo(1);
        assertThat(erased).isEqualTo("erased");
        assertThat(needed).anyMatch(need -> need.action().equals("remove"));

        assertGranted("tollgateGateway", "tollgateEraser");
    }

    @Test
    void auditor_mayVerify() throws Exception {
        String node = ship();
        needed.clear();
        MongoLogs logs = new MongoLogs(connection);
        assertThat(logs.verify(
                                node,
                                new Trust(List.of(), List.of(), logs.sightings()),
                                Records.NOON,
                                Duration.ZERO,
                                read -> {})
                        .firstBad())
                .isEmpty();
        assertThat(logs.count()).isPositive();

        assertGranted("tollgateAuditor");
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
