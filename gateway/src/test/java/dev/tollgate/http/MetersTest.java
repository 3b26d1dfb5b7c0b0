package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MetersTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);

    @Test
    void ended_completedExchange_countsResultTokensCostAndStages() {
        meters.opened();

        meters.ended(received("openai_chat"), ended("openai/gpt", NanoUsd.ofDollars("0.25")));

        assertThat(registry.scrape())
                .contains("tollgate_exchanges_total{provider=\"openai\",result=\"completed\",wire=\"openai_chat\"} 1.0")
                .contains("tollgate_tokens_total{kind=\"input\",provider=\"openai\"} 10.0")
                .contains("tollgate_tokens_total{kind=\"output\",provider=\"openai\"} 5.0")
                .contains("tollgate_cost_usd_total{provider=\"openai\"} 0.25")
                .contains("tollgate_stage_seconds_count{result=\"proceed\",stage=\"scan\"} 1")
                .contains("tollgate_open_exchanges 0.0");
    }

    @Test
    void ended_withoutPrice_countsUnpricedInsteadOfCost() {
        meters.ended(received("openai_chat"), ended("openai/gpt", null));

        assertThat(registry.scrape())
                .contains("tollgate_unpriced_total{provider=\"openai\"} 1.0")
                .doesNotContain("tollgate_cost_usd_total");
    }

    @Test
    void ended_moreProvidersThanTheBound_countsTheRestAsOther() {
        for (int i = 0; i < Meters.MAX_PROVIDERS + 7; i++) {
            meters.ended(received("openai_chat"), ended("p" + i + "/m", NanoUsd.ZERO));
        }

        assertThat(registry.get("tollgate.exchanges")
                        .tag("provider", "other")
                        .counter()
                        .count())
                .isEqualTo(7);
    }

    @Test
    void held_thenReleased_leavesNobodyWaiting() {
        meters.held();
        meters.held();

        meters.released();

        assertThat(registry.get("tollgate.held.calls").gauge().value()).isEqualTo(1);
    }

    @Test
    void refused_beforeAnExchange_isCountedByStatus() {
        meters.refused(413);

        assertThat(registry.scrape()).contains("tollgate_requests_refused_total{status=\"413\"} 1.0");
    }

    private static Received received(String wire) {
        return new Received(
                new ExchangeId("ex_1"),
                Instant.EPOCH,
                "p1",
                "POST",
                "openai/chat/completions",
                wire,
                "k_1",
                "agent",
                "team",
                "",
                "gpt",
                List.of("openai/gpt"),
                10,
                "00",
                List.of(),
                List.of(new Verdict("scan", "proceed", "ok", List.of(), "", 120)),
                null,
                null);
    }

    private static Ended ended(String target, NanoUsd cost) {
        return new Ended(
                new ExchangeId("ex_1"),
                Instant.EPOCH,
                "completed",
                200,
                "",
                target,
                1,
                Usage.of(10, 5, Usage.Source.REPORTED),
                cost,
                100,
                1000,
                2000);
    }
}
