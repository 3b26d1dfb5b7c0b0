package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole gateway that is told to end, as {@code kill} and Ctrl-C do. */
final class EndedGatewayTest {
    /** Far below what a hook that nobody wakes would wait. */
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void toldToEnd_letsTheCallUnderWayEnd_sealsTheLog_andIsGone() throws Exception {
        Path data = folder.resolve("data");
        try (GatewayProcess gateway = GatewayProcess.start(data)) {
            assertThat(gateway.chat("fast").statusCode()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> slow = CompletableFuture.supplyAsync(() -> {
                try {
                    return gateway.chat("sandbox/sandbox-slow");
                } catch (Exception lost) { // a supplier may throw none
                    throw new AssertionError(lost);
                }
            });
            while (!gateway.console("/metrics", "").contains("tollgate_open_exchanges 1.0")) {
                Thread.onSpinWait();
            }

            gateway.askToEnd();
            while (gateway.console("/readyz", "").contains("calls are taken")) {
                Thread.onSpinWait();
            }

            assertThat(gateway.console("/readyz", "")).contains("this node ends and takes no new calls");
            assertThatThrownBy(() -> gateway.chat("fast")).isInstanceOf(IOException.class);
            assertThat(slow.get().statusCode()).isEqualTo(200);
            assertThat(gateway.hasEndedWithin(SOON)).isTrue();
        }
        Verification log = Verifier.verify(data.resolve(Journal.FOLDER), read -> {});
        assertThat(log.firstBad()).isEmpty();
    }
}
