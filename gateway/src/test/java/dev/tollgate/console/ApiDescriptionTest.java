package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.approval.Ticket;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.console.Route.Access;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.identity.Key;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.Person.Duty;
import dev.tollgate.value.TeamId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The OpenAPI document against the server: every route stands in it, and every status it tells is answered as it tells. */
final class ApiDescriptionTest {
    /** Ends never: read elsewhere. */
    private static final String STREAM = "followRecords";

    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(InstantSource.system());
    private final AccessTokenMint mint = new AccessTokenMint(rooms.random, rooms.clock);
    private final Set<String> answered = new TreeSet<>();
    private ConsoleServer server;
    private Browser program;
    private OpenAPIContract contract;

    @BeforeEach
    void start() throws Exception {
        ConsolePreview.fill(rooms);
        server = new ConsoleServer(
                vertx, rooms.collaborators(vertx), FakeRooms.settings(0), InstantSource.system(), rooms.random);
        program = new Browser(await(server.start()));
        JsonObject document = new JsonObject(program.get("/api/openapi.json").body());
        // The validator knows no streams of events: RecordEventsTest reads them.
        Object removed = document.getJsonObject("paths")
                .getJsonObject("/api/v1/events")
                .getJsonObject("get")
                .getJsonObject("responses")
                .getJsonObject("200")
                .remove("content");
        assertThat(removed).isNotNull();
        contract = await(OpenAPIContract.from(vertx, document));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void document_always_namesEveryRouteAndNoOther() {
        assertThat(contract.operations().stream().map(ApiDescriptionTest::name))
                .containsExactlyInAnyOrderElementsOf(server.routes().stream()
                        .filter(route -> route.access() == Access.API)
                        .map(route -> route.method() + " " + route.pattern())
                        .toList());
    }

    @Test
    void everyStatus_always_isAnsweredAsTheDocumentTells() throws Exception {
        for (Operation operation : contract.operations()) {
            call(operation.getOperationId(), "none", 401, "", "");
            if (operation.getResponse(403) != null) {
                call(operation.getOperationId(), "tk_none", 403, outsider(), "");
            }
        }
        String admin = rooms.token;
        reads(admin);
        changes(admin);

        Set<String> told = new TreeSet<>();
        for (Operation operation : contract.operations()) {
            contract
                    .getRawContract()
                    .getJsonObject("paths")
                    .getJsonObject(operation.getOpenAPIPath())
                    .getJsonObject(operation.getHttpMethod().name().toLowerCase(Locale.ROOT))
                    .getJsonObject("responses")
                    .fieldNames()
                    .stream()
                    .filter(status -> status.matches("[0-9]+"))
                    .forEach(status -> told.add(operation.getOperationId() + " " + status));
        }
        told.remove(STREAM + " 200");
        assertThat(answered).containsExactlyInAnyOrderElementsOf(told);
    }

    private void reads(String admin) throws Exception {
        String exchange = rooms.index
                .recent(Filter.ALL, 1)
                .result()
                .get(0)
                .received()
                .exchange()
                .value();
        for (String list : List.of(
                "listTickets",
                "listExchanges",
                "listSessions",
                "reportSpend",
                "listKeys",
                "listTokens",
                "listGrants")) {
            call(list, "", 200, admin, "");
        }
        for (String list :
                List.of("listTickets", "listExchanges", "listSessions", "listKeys", "listTokens", "listGrants")) {
            call(list, "?limit=0", 400, admin, "");
        }
        call("reportSpend", "?by=moon", 400, admin, "");
        call(STREAM, "?types=moon", 400, admin, "");
        for (String one : List.of("showExchange", "revealPayload")) {
            call(one, exchange, 200, admin, "");
            call(one, "ex_none", 404, admin, "");
        }
        rooms.policy.failure = Optional.empty();
        for (String plain : List.of("listBudgets", "listProviders", "showPolicy", "showHealth", "reloadPolicy")) {
            call(plain, "", 200, admin, "");
        }
        rooms.policy.failure = Optional.of(FakeRooms.failure(Instant.now()));
        call("reloadPolicy", "", 422, admin, "");
        call("showPolicy", "", 200, admin, "");
    }

    private void changes(String admin) throws Exception {
        rooms.hold(SampleTickets.pending("tk_1", "ci-fixer", Instant.now()));
        rooms.hold(SampleTickets.pending("tk_2", "ci-fixer", Instant.now()));
        call("showTicket", "tk_1", 200, admin, "");
        call("showTicket", "tk_none", 404, admin, "");
        call("revealTicket", "tk_1", 200, admin, "{\"reason\":\"an audit\"}");
        call("revealTicket", "tk_1", 400, admin, "{}");
        call("revealTicket", "tk_none", 404, admin, "{\"reason\":\"an audit\"}");
        for (String decision : List.of("approveTicket", "denyTicket")) {
            String ticket = decision.startsWith("approve") ? "tk_1" : "tk_2";
            call(decision, ticket, 400, admin, "{\"note\":1}");
            call(decision, "tk_none", 404, admin, "");
            call(decision, ticket, 200, admin, "{\"note\":\"fine\"}");
            call(decision, ticket, 409, admin, "");
        }
        assertThat(rooms.ticket("tk_1").state()).isEqualTo(Ticket.State.APPROVED);
        call("createKey", "", 201, admin, "{\"agent\":\"a\",\"expires_in_minutes\":15}");
        call("createKey", "", 400, admin, "{}");
        call("rotateKey", key(), 201, admin, "{\"overlap_minutes\":5}");
        call("rotateKey", key(), 400, admin, "{\"overlap_minutes\":-1}");
        call("rotateKey", "key_none", 404, admin, "");
        String ended = key();
        call("revokeKey", ended, 200, admin, "");
        call("rotateKey", ended, 409, admin, "");
        call("revokeKey", "key_none", 404, admin, "");
        call("deleteKey", key(), 200, admin, "");
        call("deleteKey", "key_none", 404, admin, "");
        call(
                "createToken",
                "",
                201,
                admin,
                "{\"name\":\"ci\",\"roles\":[{\"role\":\"viewer\",\"teams\":[\"search\"]}]}");
        call("createToken", "", 400, admin, "{\"name\":\"ci\",\"roles\":[]}");
        call("createGrant", "", 400, admin, "{}");
        String grant = call(
                        "createGrant",
                        "",
                        201,
                        admin,
                        "{\"minutes\":5,\"agent\":\"ci-fixer\",\"rule\":\"dear\",\"team\":\"platform\"}")
                .getString("id");
        call("revokeGrant", grant, 200, admin, "");
        call("revokeGrant", "gr_none", 404, admin, "");
        for (String end : List.of("revokeToken", "deleteToken")) {
            call(end, token(), 200, admin, "");
            call(end, "tok_none", 404, admin, "");
        }
    }

    private String key() {
        Key key = rooms.mint
                .mint(new AgentId("bot"), new TeamId("platform"), Scopes.ALL, null)
                .key();
        FakeRooms.require(rooms.keys.add(key));
        return key.id().value();
    }

    private String token() {
        AccessTokenMint.Minted minted = mint.mint("ci", List.of(new Duty("viewer", "*")), "admin", null);
        FakeRooms.require(rooms.tokens.add(minted.token()));
        return minted.token().id();
    }

    /** A token that may look at what one team does. */
    private String outsider() {
        AccessTokenMint.Minted minted = mint.mint("outsider", List.of(new Duty("viewer", "nowhere")), "admin", null);
        FakeRooms.require(rooms.tokens.add(minted.token()));
        return minted.secret();
    }

    /**
     * Asks, and compares with the document.
     *
     * @param id for the path, or a query where it begins with a question mark
     * @param secret of the token; empty for none
     */
    @CanIgnoreReturnValue
    private JsonObject call(String operationId, String id, int status, String secret, String body) throws Exception {
        Operation operation = contract.operation(operationId);
        String path = operation.getOpenAPIPath().contains("{id}")
                ? operation.getOpenAPIPath().replace("{id}", id)
                : operation.getOpenAPIPath() + (id.startsWith("?") ? id : "");
        List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
        if (!secret.isEmpty()) {
            headers.addAll(List.of("Authorization", "Bearer " + secret));
        }

        HttpResponse<String> response =
                program.send(operation.getHttpMethod().name(), path, body, headers.toArray(String[]::new));

        assertThat(response.statusCode())
                .as(operationId + " " + path + ": " + response.body())
                .isEqualTo(status);
        assertThat(operation.getResponse(status))
                .as(operationId + " does not tell " + status)
                .isNotNull();
        assertThat(await(ResponseValidator.create(vertx, contract)
                        .validate(
                                ValidatableResponse.create(status, Buffer.buffer(response.body()), "application/json"),
                                operationId)))
                .isNotNull();
        answered.add(operationId + " " + status);
        return new JsonObject(response.body());
    }

    private static String name(Operation operation) {
        return operation.getHttpMethod().name() + " " + operation.getOpenAPIPath();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
