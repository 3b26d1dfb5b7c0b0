package dev.tollgate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.approval.Ticket;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.TeamId;
import dev.tollgate.value.Unit;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One scenario, run over HTTP with a key of its own, so that scenarios of one gateway do not share money. */
final class ScenarioRun {
    private static final int PATIENCE_SECONDS = 20;

    private final GatewayFixture fixture;
    private final WireTemplates wires;
    private final Scenario scenario;
    private final Map<String, JsonNode> values;
    private final String script;
    private final ProviderScript provider;
    private KeyMint.Minted key;

    ScenarioRun(GatewayFixture fixture, WireTemplates wires, Scenario scenario, int number) {
        this.fixture = fixture;
        this.wires = wires;
        this.scenario = scenario;
        this.values = Secrets.generated();
        this.script = "scenario-" + number;
        JsonNode replies = Template.filled(scenario.given().path("replies"), values);
        this.provider = new ProviderScript(wires, scenario.wire(), replies);
    }

    void run() throws Exception {
        key = key(scenario.given().path("key"));
        values.put("key", TextNode.valueOf(key.secret().value()));
        fixture.provider.on(script, provider::play);
        for (int i = 0; i < scenario.when().size(); i++) {
            JsonNode when = Template.filled(scenario.when().get(i), values);
            JsonNode then = Template.filled(scenario.then().get(i), values);
            provider.expect(WireTemplates.streams(when));
            Set<String> before = ids();
            Answer answer = answer(when);
            Received received = received(before);
            new Expectations(wires, scenario.wire(), WireTemplates.streams(when), then)
                    .check(
                            answer,
                            provider.seen(),
                            received,
                            received == null
                                    ? null
                                    : fixture.ended(received.exchange().value()));
        }
        assertNothingLeaked();
        checkSpent();
    }

    private KeyMint.Minted key(JsonNode given) throws Exception {
        KeyMint.Minted minted = new KeyMint(new SecureRandom(), InstantSource.system())
                .mint(
                        new AgentId(given.path("agent").asText(script)),
                        new TeamId(given.path("team").asText("team-of-" + script)),
                        new Scopes(texts(given.path("models")), texts(given.path("providers"))),
                        given.path("expired").asBoolean() ? Instant.now().minusSeconds(1) : null);
        await(fixture.gateway.keys.add(minted.key()));
        if (given.path("revoked").asBoolean()) {
            await(fixture.gateway.keys.revoke(minted.key().id(), Instant.now()));
        }
        return minted;
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new HashSet<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private Answer answer(JsonNode when) throws Exception {
        ScenarioRequest request =
                ScenarioRequest.of(wires, scenario.wire(), when, key.secret().value(), script);
        if (!when.has("decide")) {
            return send(request, () -> {});
        }
        CompletableFuture<Void> heartbeat = new CompletableFuture<>();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Thread unused = Thread.ofVirtual().start(() -> {
            try {
                answer.complete(send(request, () -> heartbeat.complete(null)));
            } catch (Throwable failure) {
                answer.completeExceptionally(failure);
            }
        });
        if (when.path("after_heartbeat").asBoolean()) {
            heartbeat.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        decide(when.get("decide").asText());
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Answer send(ScenarioRequest request, Runnable onBytes) throws Exception {
        return fixture.send(request.method(), request.path(), request.body().getBytes(), request.headers(), onBytes);
    }

    private void decide(String decision) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        List<Ticket> pending = pending();
        while (pending.isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(2);
            pending = pending();
        }
        assertThat(pending).as("calls that wait for a person").hasSize(1);
        assertThat(provider.seen()).as("what the provider saw of a held call").isEmpty();
        Ticket.State state = decision.equals("approve") ? Ticket.State.APPROVED : Ticket.State.DENIED;
        await(fixture.gateway.desk.decide(pending.getFirst().id(), state, "reviewer", "as the scenario says"));
    }

    private List<Ticket> pending() throws Exception {
        return await(fixture.gateway.tickets.list(Ticket.State.PENDING, 10));
    }

    private Set<String> ids() {
        Set<String> ids = new HashSet<>();
        fixture.records(Received.class).forEach(one -> ids.add(one.exchange().value()));
        return ids;
    }

    /** The one call that has come in since; null if none was recorded. */
    private @Nullable Received received(Set<String> before) {
        List<Received> since = fixture.records(Received.class).stream()
                .filter(one -> !before.contains(one.exchange().value()))
                .toList();
        // A held call is recorded once when it is held and once when it goes on.
        return since.isEmpty() ? null : since.getLast();
    }

    private void assertNothingLeaked() throws Exception {
        fixture.assertNothingLeft();
        assertThat(fixture.records(Ended.class))
                .as("one end of each call")
                .extracting(Ended::exchange)
                .doesNotHaveDuplicates();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (fixture.gateway.openExchanges() > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        assertThat(fixture.gateway.openExchanges()).as("open exchanges").isZero();
        assertThat(pending()).as("tickets that still wait").isEmpty();
    }

    private void checkSpent() throws Exception {
        for (Map.Entry<String, JsonNode> budget : scenario.spent().properties()) {
            String counter = fixture.records(Received.class).stream()
                    .filter(one -> one.key().equals(key.key().id().value()) && one.reservation() != null)
                    .flatMap(one -> one.reservation().counters().stream())
                    .filter(name -> name.substring(Unit.ofCounter(name).prefix().length())
                            .startsWith(budget.getKey() + "/"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no call was counted in budget " + budget.getKey()));
            String spent = Unit.ofCounter(counter).show(fixture.spent(counter));
            Expected.assertHolds("spent of " + budget.getKey(), budget.getValue(), TextNode.valueOf(spent));
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
