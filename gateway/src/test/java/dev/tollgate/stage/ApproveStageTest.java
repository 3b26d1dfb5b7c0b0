package dev.tollgate.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.History;
import dev.tollgate.approval.HoldCompiler;
import dev.tollgate.approval.HoldConditions;
import dev.tollgate.approval.HoldConditions.ConditionFailed;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Grant;
import dev.tollgate.exchange.Headers;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Hold;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.ApprovalPolicy.HoldEntry;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.Mode;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ApproveStageTest {
    private final ApproveStage stage = new ApproveStage(History.NONE);

    @Test
    void decide_conditionTrue_holds() throws Exception {
        Decision decision = stage.decide(call("provider == 'openai'")).result();

        assertThat(decision).isEqualTo(new Hold("the-rule", "ask first", Duration.ofMinutes(3)));
    }

    @Test
    void decide_conditionFalse_proceeds() throws Exception {
        Exchange call = call("provider == 'other'");

        assertThat(stage.decide(call).result()).isEqualTo(new Proceed(call));
    }

    @Test
    void decide_withAGrant_proceeds() throws Exception {
        Exchange granted = call("true").withGrant(Grant.of(new TicketId("A1"), "ann", "the-rule", null));

        assertThat(stage.decide(granted).result()).isEqualTo(new Proceed(granted));
    }

    @Test
    void decide_withLeaveForSomethingElse_holds() throws Exception {
        Grant other = Grant.of(new TicketId("A1"), "ann", "budget:team-daily", null);

        assertThat(stage.decide(call("true").withGrant(other)).result()).isInstanceOf(Decision.Hold.class);
    }

    @Test
    void decide_conditionThatCannotBeEvaluated_cannotDecide() throws Exception {
        Future<Decision> decision = stage.decide(call("tools[3] == 'x'"));

        assertThat(decision.cause()).isInstanceOf(ConditionFailed.class);
    }

    @Test
    void mode_always_isThePolicys() throws Exception {
        assertThat(stage.mode(call("true").policy())).isEqualTo(Mode.OBSERVE);
    }

    private static Exchange call(String when) throws Exception {
        ApprovalPolicy approval = Bundles.approval(Map.of(
                "mode",
                Mode.OBSERVE,
                "holds",
                List.of(new HoldEntry("the-rule", when, "ask first", Duration.ofMinutes(3)))));
        Bundle bundle = Bundles.of(approval);
        HoldConditions conditions = new HoldCompiler().compile(bundle);
        Exchange received = Exchanges.received(
                Headers.NONE, null, Exchanges.policy(bundle, Map.of(HoldConditions.class, conditions)));
        return Exchanges.routed(received, List.of("bash"));
    }
}
