package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.approval.History.Past;
import dev.tollgate.approval.History.Want;
import dev.tollgate.approval.HoldConditions.ConditionFailed;
import dev.tollgate.approval.HoldConditions.Hit;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Grant;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Target;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.ApprovalPolicy.HoldEntry;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ReviewPolicy;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HoldConditionsTest {
    private final Exchange call = Exchanges.routed(List.of("bash", "read_file"))
            .withEstimate(NanoUsd.ofDollars("2.5"))
            .withVerdict(new Verdict("scan", "proceed", "ok", List.of("email", "email"), "", 5))
            .withVerdict(new Verdict("detect", "would_deny", "x", List.of("override"), "", 5).withScore(0.7));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model == 'gpt-4o'",
                "provider == 'openai'",
                "alias == 'smart'",
                "agent == 'coder'",
                "team == 'core'",
                "key == 'key_1'",
                "session == 'run-1'",
                "endpoint == 'chat/completions'",
                "cost_usd > 2 && cost_usd < 2.6",
                "injection_score >= 0.7",
                "'bash' in tools",
                "tools.exists(t, t.matches('^ba')) && size(tools) == 2",
                "findings == ['email', 'override']",
                "matches(model, 'pt-[0-9]')"
            })
    void condition_overEveryVariable_holds(String when) throws Exception {
        assertThat(first(call, when))
                .contains(new Hit("hold-0", "because", Duration.ofMinutes(5), ReviewPolicy.DEFAULT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cost_usd > 2.5", "model.matches('^pt')", "tools.exists(t, t == 'write')", "false"})
    void condition_thatIsFalse_doesNotHold(String when) throws Exception {
        assertThat(first(call, when)).isEmpty();
    }

    @Test
    void conditions_severalTrue_theFirstHolds() throws Exception {
        assertThat(first(call, "false", "true", "true")).map(Hit::rule).contains("hold-1");
    }

    @Test
    void conditions_none_holdNothing() throws Exception {
        assertThat(first(call)).isEmpty();
    }

    @Test
    void condition_onAFallbacksProvider_holdsTheCallToo() throws Exception {
        Exchange fallingBack = call.withRoute(
                new Route(List.of(new Target("openai", "gpt-4o"), new Target("elsewhere", "big")), null));

        assertThat(first(fallingBack, "provider == 'elsewhere'")).isPresent();
        assertThat(first(fallingBack, "model == 'big'")).isPresent();
    }

    @Test
    void cost_unknown_countsAsInfinite() throws Exception {
        assertThat(first(Exchanges.routed(List.of()), "cost_usd > 1000000")).isPresent();
    }

    @Test
    void model_unknownToTheRoute_isTheOneAskedFor() throws Exception {
        Exchange named = call.withRoute(new Route(List.of(new Target("openai", null)), null));

        assertThat(first(named, "model == 'asked'")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tools[7] == 'x'",
                "1 / 0 == 1",
                "int(model) == 1",
                "tools.all(a, tools.all(b, tools.all(c, tools.all(d, tools.all(e, tools.all(f, tools.all(g, tools.all(h,"
                        + " tools.all(i, tools.all(j, tools.all(k, tools.all(l, tools.all(m, tools.all(n, true))))))))))))))",
                "model.matches('(' + model)"
            })
    void condition_thatCannotBeEvaluated_failsWithoutTellingValues(String when) throws Exception {
        HoldConditions conditions = compiled(when);

        assertThatThrownBy(() -> conditions.firstTrue(call, Past.NOTHING))
                .isInstanceOf(ConditionFailed.class)
                .hasMessage("condition hold-0 could not be evaluated");
    }

    @Test
    void values_beyondTheBounds_failInsteadOfCosting() throws Exception {
        List<String> many = IntStream.rangeClosed(0, HoldVariables.MAX_TOOLS)
                .mapToObj(i -> "t")
                .toList();
        Exchange manyTools = Exchanges.routed(many);
        Exchange longTools = Exchanges.routed(List.of("x".repeat(HoldVariables.MAX_TOOL_CHARACTERS + 1)));
        Exchange longModel =
                call.withRoute(new Route(List.of(new Target("openai", "m".repeat(HoldVariables.MAX_TEXT + 1))), null));

        assertThatThrownBy(() -> first(manyTools, "'x' in tools")).isInstanceOf(ConditionFailed.class);
        assertThatThrownBy(() -> first(longTools, "'x' in tools")).isInstanceOf(ConditionFailed.class);
        assertThatThrownBy(() -> first(longModel, "model == 'x'")).isInstanceOf(ConditionFailed.class);
        assertThat(first(manyTools, "team == 'core'")).isPresent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cost_usd >                     | line 1, column 11
            modle == 'x'                   | column 1: undeclared reference to 'modle'
            cost_usd > 'a'                 | column 10: found no matching overload
            model                          | expected type 'bool' but found 'string'
            model.matches('(')             | column 15
            tools.exists(t, t.lowerAscii() == 'x') | lowerAscii
            """)
    void condition_thatIsWrong_isRefusedWithItsPlace(String when, String expected) {
        assertThatThrownBy(() -> compiled("true", when))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("approval.holds[1].when")
                .hasMessageContaining(expected);
    }

    @Test
    void condition_thatIsTooLong_isRefused() {
        assertThatThrownBy(() -> compiled("true" + " ".repeat(HoldLanguage.MAX_LENGTH)))
                .isInstanceOf(PolicyException.class);
    }

    @Test
    void conditions_withOneIdTwice_areRefused() {
        HoldEntry entry = new HoldEntry("same", "true", null, null);

        assertThatThrownBy(() -> new HoldCompiler().compile(bundle(List.of(entry, entry))))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("approval.holds[1].id");
    }

    private static Optional<Hit> first(Exchange exchange, String... whens) throws Exception {
        return compiled(whens).firstTrue(exchange, Past.NOTHING);
    }

    private static HoldConditions compiled(String... whens) throws PolicyException {
        List<HoldEntry> entries = IntStream.range(0, whens.length)
                .mapToObj(i -> new HoldEntry("hold-" + i, whens[i], "because", Duration.ofMinutes(5)))
                .toList();
        return new HoldCompiler().compile(bundle(entries));
    }

    private static Bundle bundle(List<HoldEntry> entries) {
        ApprovalPolicy approval = Bundles.approval(Map.of("holds", entries));
        return Bundles.of(approval);
    }

    @Test
    void past_isAskedForOnlyWhereAConditionNamesIt() throws Exception {
        Exchange call = Exchanges.routed(List.of());
        HoldConditions asking = compiled("first_use && session_cost_usd > 1.5");

        assertThat(compiled("cost_usd > 1.0").wants()).isEmpty();
        assertThat(asking.wants()).containsExactlyInAnyOrder(Want.SESSION_COST, Want.USED_MODELS);
        assertThat(asking.firstTrue(call, new Past(NanoUsd.ofDollars("1.6"), Set.of())))
                .isPresent();
        assertThat(asking.firstTrue(call, new Past(NanoUsd.ofDollars("1.5"), Set.of())))
                .isEmpty();
        assertThat(asking.firstTrue(call, new Past(NanoUsd.ofDollars("2"), Set.of("openai/gpt-4o"))))
                .isEmpty();
    }

    @Test
    void time_isThatOfItsReceiptInUtc() throws Exception {
        Exchange call = Exchanges.routed(List.of());
        ZonedDateTime at = call.receivedAt().atZone(ZoneOffset.UTC);
        String day = at.getDayOfWeek().name().toLowerCase(Locale.ROOT);

        assertThat(compiled("hour == " + at.getHour() + " && weekday == '" + day + "'")
                        .firstTrue(call, Past.NOTHING))
                .isPresent();
        assertThat(compiled("hour < " + at.getHour()).firstTrue(call, Past.NOTHING))
                .isEmpty();
    }

    @Test
    void leave_isEnoughForWhatTheSamePeopleDecide_butNotForWhatOthersDo() throws Exception {
        ReviewPolicy security = new ReviewPolicy(List.of("security"), 2, true, null, null);
        HoldConditions conditions = new HoldCompiler()
                .compile(Bundles.of(Bundles.approval(Map.of(
                        "holds",
                        List.of(
                                new HoldEntry("one", "true", null, null),
                                new HoldEntry("two", "true", null, null),
                                new HoldEntry("guarded", "true", "r", Duration.ofMinutes(1), security))))));
        Exchange call = Exchanges.routed(List.of());
        Exchange approved = call.withGrant(new Grant(new TicketId("A1"), "ann", Set.of("one")));
        Exchange standing = call.withGrant(new Grant(new TicketId("G1"), "ann", Set.of("one")));

        assertThat(conditions.firstTrue(approved, Past.NOTHING).orElseThrow().rule())
                .isEqualTo("guarded");
        assertThat(conditions.firstTrue(standing, Past.NOTHING).orElseThrow().rule())
                .isEqualTo("two");
        Exchange both = call.withGrant(new Grant(new TicketId("A2"), "bob", Set.of("one", "guarded")));
        assertThat(conditions.firstTrue(both, Past.NOTHING)).isEmpty();
    }
}
