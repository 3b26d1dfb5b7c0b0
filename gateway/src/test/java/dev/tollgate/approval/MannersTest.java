package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Headers;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.ApprovalPolicy.ClientEntry;
import dev.tollgate.policy.ApprovalPolicy.Drip;
import dev.tollgate.policy.Bundles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MannersTest {
    private static final Duration QUIET = Duration.ofSeconds(45);

    @Test
    void client_ofWhichNothingIsKnown_isHeldAsThePolicySays() {
        Manners usual = new Manners(Drip.HEARTBEAT, QUIET, Duration.ofMinutes(9));

        assertThat(Manners.of(ApprovalPolicy.DEFAULT, Headers.NONE)).isEqualTo(usual);
        assertThat(of(ApprovalPolicy.DEFAULT, "OpenAI/JS 6.49.0")).isEqualTo(usual);
        assertThat(of(policy(Duration.ofMinutes(2)), "OpenAI/JS 6.49.0").patience())
                .isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void client_thatIsKnown_isHeldAsItBears() {
        assertThat(of(ApprovalPolicy.DEFAULT, "claude-cli/2.1.329 (external, cli)")
                        .drip())
                .isEqualTo(Drip.SILENT);
        assertThat(of(ApprovalPolicy.DEFAULT, "codex_exec/0.169.0").drip()).isEqualTo(Drip.SILENT);
        assertThat(of(ApprovalPolicy.DEFAULT, "GeminiCLI/0.61.0/gemini (linux; x64)")
                        .patience())
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(of(ApprovalPolicy.DEFAULT, "python-httpx/0.28.1").quiet()).isEqualTo(Duration.ofSeconds(3));
        assertThat(of(ApprovalPolicy.DEFAULT, "Python/3.13 aiohttp/3.13.2").patience())
                .isEqualTo(Duration.ofSeconds(270));
    }

    @Test
    void openClaw_isToldFromOtherUsersOfItsSdk_andLeftInSilenceAsLongAsItBearsThat() {
        Headers claw = Headers.of("user-agent", "OpenAI/JS 7.15.0", "traceparent", "00-1-2-01");

        assertThat(Manners.of(ApprovalPolicy.DEFAULT, claw))
                .isEqualTo(new Manners(Drip.HEARTBEAT, Duration.ofSeconds(280), Duration.ofMinutes(9)));
        ClientEntry told = new ClientEntry("OpenAI/JS *", null, Duration.ofSeconds(9), null);
        assertThat(Manners.of(policy(Duration.ofMinutes(2), told), claw))
                .isEqualTo(new Manners(Drip.HEARTBEAT, Duration.ofSeconds(9), Duration.ofMinutes(2)));
    }

    @Test
    void clientThatEndsItsCallsByItself_isToldBefore_whateverThePatienceForAll() {
        Headers claw = Headers.of("user-agent", "OpenAI/JS 7.15.0", "traceparent", "00-1-2-01");
        ApprovalPolicy hours = policy(Duration.ofHours(3));

        assertThat(Manners.of(hours, claw).patience()).isEqualTo(Duration.ofMinutes(9));
        Headers otherWires = Headers.of("user-agent", "undici", "traceparent", "00-1-2-01");
        assertThat(Manners.of(hours, otherWires))
                .isEqualTo(new Manners(Drip.HEARTBEAT, hours.quiet(), Duration.ofMinutes(9)));
        assertThat(of(hours, "undici").patience()).isEqualTo(Duration.ofHours(3));
        assertThat(of(hours, "Python/3.13 aiohttp/3.13.2").patience()).isEqualTo(Duration.ofSeconds(270));
        assertThat(of(hours, "codex_exec/0.169.0").patience())
                .as("it was seen to bear more")
                .isEqualTo(Duration.ofHours(3));
        ClientEntry told = new ClientEntry("*aiohttp/*", null, null, Duration.ofHours(6));
        assertThat(of(policy(Duration.ofHours(3), told), "Python/3.13 aiohttp/3.13.2")
                        .patience())
                .as("whoever raised its limit says so for it")
                .isEqualTo(Duration.ofHours(6));
    }

    @Test
    void clientThatComesBackByItself_isToldInItsLastAttempt() {
        Manners claude = of(ApprovalPolicy.DEFAULT, "claude-cli/2.1.329 (external, cli)");

        assertThat(claude.patience(Duration.ofMinutes(59))).isGreaterThan(Duration.ofDays(1));
        assertThat(claude.patience(Duration.ofMinutes(60))).isEqualTo(Duration.ofSeconds(270));
        assertThat(of(policy(Duration.ofHours(6)), "claude-cli/2.1.329").patience(Duration.ofHours(2)))
                .as("its attempts end before a patience for all clients does")
                .isEqualTo(Duration.ofSeconds(270));
        assertThat(of(policy(Duration.ofMinutes(2)), "claude-cli/2.1.329").patience(Duration.ofHours(2)))
                .isEqualTo(Duration.ofMinutes(2));
        ClientEntry told = new ClientEntry("claude-cli/*", null, null, Duration.ofHours(6));
        assertThat(of(policy(Duration.ofHours(1), told), "claude-cli/2.1.329").patience(Duration.ofHours(2)))
                .as("as the policy says of this client")
                .isEqualTo(Duration.ofHours(6));
    }

    @Test
    void policy_overridesWhatIsKnown_memberByMember() {
        ApprovalPolicy policy = policy(
                Duration.ofHours(1),
                new ClientEntry("codex*", null, null, Duration.ofMinutes(1)),
                new ClientEntry("*", Drip.SILENT, Duration.ofSeconds(1), null));

        assertThat(of(policy, "codex_exec/1")).isEqualTo(new Manners(Drip.SILENT, QUIET, Duration.ofMinutes(1)));
        assertThat(of(policy, "mine/1"))
                .isEqualTo(new Manners(Drip.SILENT, Duration.ofSeconds(1), Duration.ofHours(1)));
    }

    private static Manners of(ApprovalPolicy policy, String userAgent) {
        return Manners.of(policy, Headers.of("user-agent", userAgent));
    }

    private static ApprovalPolicy policy(Duration patience, ClientEntry... clients) {
        return Bundles.approval(Map.of("quiet", QUIET, "patience", patience, "clients", List.of(clients)));
    }
}
