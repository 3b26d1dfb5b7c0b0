package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.pipeline.Notice;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each mark of a budget is told once for each counter and period. */
class BudgetAlertsTest {
    private static final String BUDGET = GatewayFixture.providers()
            + "budget: {budgets: [{id: calls, scope: key, limit: 4, unit: requests, notify_at: [50, 100]}, {id: quiet, scope: key, limit: 1}]}";

    private static void call(GatewayFixture fixture) throws Exception {
        assertThat(fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"))
                        .status())
                .isEqualTo(200);
        fixture.assertNothingLeft();
        var unused = fixture.gateway.alerts().look().await(10, TimeUnit.SECONDS);
    }

    @Test
    void marks_areToldWhenReached_onceEach() throws Exception {
        try (GatewayFixture fixture = new GatewayFixture(BUDGET)) {
            var unused = fixture.gateway.alerts().look().await(10, TimeUnit.SECONDS);
            call(fixture);
            assertThat(fixture.gateway.notices).isEmpty();

            call(fixture);
            assertThat(fixture.gateway.notices).singleElement().satisfies(notice -> {
                assertThat(notice.subject()).isEqualTo("calls");
                assertThat(notice.text()).contains("has reached 50 %: 2 requests of 4 requests spent");
                assertThat(notice.facts())
                        .containsEntry("percent", "50")
                        .containsEntry("limit", "4 requests")
                        .containsKey("starts_anew");
            });
            call(fixture);
            assertThat(fixture.gateway.notices).hasSize(1);

            call(fixture);
            assertThat(fixture.gateway.notices)
                    .extracting(Notice::text)
                    .last()
                    .asString()
                    .contains("100 %");
            assertThat(fixture.records(Administrative.class))
                    .filteredOn(said -> said.action().equals("budget_reached"))
                    .extracting(said -> said.details().get("percent"))
                    .containsExactly("50", "100");
        }
    }

    @Test
    void bothMarksAtOnce_areToldAsTheHigher() throws Exception {
        try (GatewayFixture fixture = new GatewayFixture(BUDGET.replace("limit: 4", "limit: 1"))) {
            var unused = fixture.gateway.alerts().look().await(10, TimeUnit.SECONDS);
            call(fixture);

            assertThat(fixture.gateway.notices)
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.facts()).containsEntry("percent", "100"));
        }
    }
}
