package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.audit.FaultyDisk;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agents see while the disk takes no record. */
final class FullDiskTest {
    @TempDir
    private Path data;

    @Test
    void diskFull_refusesCallsBeforeTheyAreSent_andServesThemWhenThereIsRoomAgain() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (Journal journal = JournalFolder.open(data, disk);
                GatewayFixture fixture = new GatewayFixture(GatewayFixture.providers())) {
            fixture.gateway.log = journal;
            assertThat(call(fixture).status()).isEqualTo(200);
            int sent = fixture.provider.bodies.size();

            disk.fault = FaultyDisk.Fault.FULL;
            Answer refused = call(fixture);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).contains("enforcement_unavailable").doesNotContain("space left");
            assertThat(fixture.provider.bodies).hasSize(sent);
            assertThat(journal.trouble()).isPresent();

            disk.fault = FaultyDisk.Fault.NONE;
            assertThat(call(fixture).status()).isEqualTo(200);
            assertThat(journal.trouble()).isEmpty();
            fixture.assertNothingLeft();
        }

        Verification found = Verifier.verify(data.resolve(Journal.FOLDER), bytes -> {});
        assertThat(found.firstBad()).isEmpty();
        assertThat(found.seal().uncovered()).isZero();
    }

    private static Answer call(GatewayFixture fixture) throws Exception {
        return fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("Hello"));
    }
}
