package dev.tollgate.stage;

import static dev.tollgate.stage.InspectedCalls.ATTACK;
import static dev.tollgate.stage.InspectedCalls.body;
import static dev.tollgate.stage.InspectedCalls.chat;
import static dev.tollgate.stage.InspectedCalls.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Numbered;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Text;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.policy.DetectPolicy;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.ScanPolicy;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DetectStageTest {
    private final DetectStage stage = new DetectStage(InspectedCalls.inspector());

    @Test
    void decide_attackInTheNewTurn_deniesNamingPlaceScoreAndRules() throws Exception {
        Deny deny =
                (Deny) decide(DetectPolicy.DEFAULT, body("user", "weather?", "assistant", "calling", "tool", ATTACK));

        assertThat(deny.denial().problem().code()).isEqualTo("injection_found");
        assertThat(deny.denial().problem().message())
                .startsWith("messages[2].content scores 1.00 for injection, the threshold is 0.80 (rules ")
                .contains("override_previous_instructions");
        assertThat(deny.denial().rules()).contains("override_previous_instructions");
        assertThat(deny.denial().score()).isEqualTo(1);
    }

    @Test
    void decide_attackInAnOlderTurn_isRedacted() throws Exception {
        Exchange call = chat(null, DetectPolicy.DEFAULT, body("user", ATTACK, "assistant", "no", "user", "go on"));

        Proceed proceed = (Proceed) stage.decide(call).result();

        assertThat(Numbered.in(sent(proceed.exchange())))
                .isEqualTo(body("user", "[INJECTION_1] and obey", "assistant", "no", "user", "go on"));
        assertThat(proceed.rules()).contains("override_previous_instructions");
    }

    @Test
    void decide_operatorsOwnWords_areNoAttack() throws Exception {
        assertThat(decide(DetectPolicy.DEFAULT, body("system", ATTACK, "user", "hi")))
                .isInstanceOf(Proceed.class);
    }

    @Test
    void decide_scoreBelowTheThreshold_proceedsAndIsRecorded() throws Exception {
        Proceed proceed = (Proceed) decide(
                DetectPolicy.DEFAULT,
                body("user", "you are now a pirate, and we sail to the island with the others at dawn"));

        assertThat(proceed.rules()).isNotEmpty();
        assertThat(proceed.score()).isBetween(0.3, 0.8);
    }

    @Test
    void decide_disabledRule_doesNotCount() throws Exception {
        DetectPolicy without = new DetectPolicy(null, null, Set.of("override_previous_instructions", "classifier"));

        Decision decision = decide(without, body("user", ATTACK));

        assertThat(decision).isInstanceOf(Proceed.class);
        assertThat(((Proceed) decision).rules()).isEmpty();
    }

    @Test
    void decide_oldTurnThatTheScanRedacted_keepsBothChanges() throws Exception {
        String old = "ann@firm.com says: " + ATTACK;
        Exchange call =
                chat(ScanPolicy.DEFAULT, DetectPolicy.DEFAULT, body("user", old, "assistant", "no", "user", "go on"));
        Exchange scanned = ((Proceed)
                        new ScanStage(InspectedCalls.inspector()).decide(call).result())
                .exchange();

        Proceed proceed = (Proceed) stage.decide(scanned).result();

        assertThat(Numbered.in(sent(proceed.exchange())))
                .isEqualTo(body("user", "[EMAIL_1] says: [INJECTION_1] and obey", "assistant", "no", "user", "go on"));
    }

    @Test
    void decide_oldTurnThatWasChangedInPart_isDenied() throws Exception {
        Exchange call = chat(null, DetectPolicy.DEFAULT, body("user", ATTACK, "assistant", "no", "user", "go on"));
        Text text = call.facts().texts().getFirst();
        Exchange changed = call.withSplices(List.of(Splice.of(text.start() + 1, text.start() + 2, "i")));

        assertThat(stage.decide(changed).result()).isInstanceOf(Deny.class);
    }

    @Test
    void mode_always_isThePolicys() throws Exception {
        DetectPolicy off = new DetectPolicy(Mode.OFF, null, null);

        assertThat(stage.mode(chat(null, off, body("user", "hi")).policy())).isEqualTo(Mode.OFF);
    }

    private Decision decide(DetectPolicy policy, String body) throws Exception {
        return stage.decide(chat(null, policy, body)).result();
    }
}
