package dev.tollgate.stage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Estimator;
import dev.tollgate.budget.ExpectedOutput;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.PriceBook;
import dev.tollgate.budget.PriceList;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Target;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.BudgetPolicy.Unpriced;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.StorePolicy;
import dev.tollgate.policy.StorePolicy.WhenAway;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TeamId;
import dev.tollgate.wire.Wire;
import dev.tollgate.wire.Wires;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Calls to models with prices, and a budget stage before a ledger in memory. */
abstract class PricedCalls {
    static final String PRICES = """
            date: 2026-08-21
            models:
            - {"provider": "p", "model": "m", "input": 0, "output": 1, "max_output": 1000, "tokenizer": "other"}
            - {"provider": "p", "model": "dear", "input": 0, "output": 100, "max_output": 1000, "tokenizer": "other"}
            - {"provider": "p", "model": "read", "input": 1000, "output": 0, "context": 1000000, "tokenizer": "o200k"}
            """;
    static final Caller CALLER =
            new Caller(new KeyId("k_1"), new AgentId("coder"), new TeamId("red"), Scopes.ALL, Optional.empty(), false);

    final MemoryLedger ledger = new MemoryLedger(() -> Exchanges.NOW);
    final TokenCounter counter = new TokenCounter(Runnable::run, new Random(1));
    private int exchanges;

    final Decision decide(PolicySnapshot policy, Exchange call) {
        return stage(ledger).decide(under(policy, call)).result();
    }

    final BudgetStage stage(Ledger of) {
        return new BudgetStage(new Wires(), new Estimator(counter), new ExpectedOutput(), of);
    }

    static PriceList prices() {
        try {
            return PriceList.of(PriceBook.read("prices.yaml", new ByteArrayInputStream(PRICES.getBytes(UTF_8))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    final Ledger.Level level() {
        return ledger.levels(List.of("daily/key/k_1/2026-05-04")).result().get(0);
    }

    static Proceed proceed(Decision decision) {
        assertThat(decision).isInstanceOf(Proceed.class);
        return (Proceed) decision;
    }

    static dev.tollgate.pipeline.Denial denied(Decision decision) {
        assertThat(decision).isInstanceOf(Deny.class);
        return ((Deny) decision).denial();
    }

    static Exchange under(PolicySnapshot policy, Exchange call) {
        return new Exchange(
                call.id(),
                call.receivedAt(),
                call.inbound(),
                call.endpoint(),
                policy,
                call.identified(),
                call.read(),
                call.routed(),
                null,
                null,
                null,
                null,
                List.of(),
                List.of());
    }

    final Exchange call(String setting, long value, String... models) {
        return call(setting, value, List.of(models), "hello");
    }

    final Exchange call(String setting, long value, List<String> models, String prompt) {
        String body = "{\"model\":\"" + models.get(0) + "\",\"" + setting + "\":" + value
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
        List<Target> targets = new ArrayList<>();
        models.forEach(model -> targets.add(new Target("p", model)));
        Exchange received = Exchanges.received(Headers.NONE, null);
        Exchange own = Exchange.received(
                new ExchangeId("ex_" + exchanges++),
                received.receivedAt(),
                received.inbound(),
                received.endpoint(),
                received.policy());
        return own.withCaller(CALLER).withContent(content(body)).withRoute(new Route(targets, null));
    }

    static Content content(String body) {
        byte[] bytes = body.getBytes(UTF_8);
        try {
            Wire.Request request = new Wire.Request(
                    "POST",
                    "chat/completions",
                    bytes,
                    "application/json",
                    "application/json",
                    JsonReader.readObject(bytes));
            Facts facts = new Wires().forPath("POST", "chat/completions").read(request);
            return new Content(bytes, "", "application/json", request.json(), facts);
        } catch (JsonReader.JsonRefused e) {
            throw new AssertionError(e);
        }
    }

    static PolicySnapshot policy(@Nullable String limit) {
        return policy(limit, Unpriced.DENY, WhenAway.CLOSED);
    }

    static PolicySnapshot policy(@Nullable String limit, Unpriced unpriced, WhenAway whenAway) {
        List<BudgetEntry> budgets =
                limit == null ? List.of() : List.of(Entries.of("daily", limit).entry());
        BudgetPolicy budget = new BudgetPolicy(null, NanoUsd.ofDollars("3"), unpriced, null, null, budgets);
        StorePolicy store = new StorePolicy(null, null, null, null, null, whenAway);
        Bundle bundle = Bundles.of(store, budget);
        try {
            return Exchanges.policy(
                    bundle, Map.of(Budgets.class, Budgets.compiler().compile(bundle), PriceList.class, prices()));
        } catch (dev.tollgate.policy.PolicyException e) {
            throw new AssertionError(e);
        }
    }
}
