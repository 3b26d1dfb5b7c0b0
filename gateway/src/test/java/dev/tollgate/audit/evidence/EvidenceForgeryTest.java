package dev.tollgate.audit.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Forgery;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.Rewrite;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Verifier;
import dev.tollgate.audit.seal.VerifierKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Evidence that was exported out of a forged log. */
final class EvidenceForgeryTest {
    private static final int FORGERIES = 4;
    private static final int STARTS = 3;
    private static final int CALLS = 15;

    @TempDir
    private Path data;

    private volatile Instant now = Records.NOON;
    private final Random random = Forgery.random();
    private VerifierKey key;
    private Set<String> sound;

    @BeforeEach
    void journal() throws Exception {
        for (int start = 0; start < STARTS; start++) {
            try (Journal journal = Journal.open(data, JournalFolder.FAST, () -> now, counter -> true)) {
                for (int i = 0; i < CALLS; i++) {
                    // No checkpoint is due at the end, but for the one that closes the log.
                    now = now.plusMillis(i == 0 ? 0 : 700);
                    String exchange = exchange(start * CALLS + i);
                    journal.append(Records.received(exchange, now, "agent-a", "team-a", "session-a", 5))
                            .await(10, TimeUnit.SECONDS);
                    journal.append(Records.ended(exchange, now, "completed", "openai/small-1", 5L))
                            .await(10, TimeUnit.SECONDS);
                }
            }
        }
        key = AuditKeys.shown(data);
        sound = packs(data);
    }

    private static String exchange(int number) {
        return "ex_" + number;
    }

    @Test
    void log_thatNobodyTouched_yieldsSoundEvidenceOfEachCall() {
        assertThat(sound).hasSize(STARTS * CALLS);
    }

    @ParameterizedTest
    @EnumSource(Forgery.class)
    void forgery_exported_showsNothingThatTheLogDidNotSay(Forgery forgery) throws Exception {
        for (int i = 0; i < FORGERIES; i++) {
            Rewrite rewrite = Rewrite.of(data);
            int at = forgery.on(rewrite, random);

            Set<String> shown = packs(rewrite.write());

            // What stands before the forgery, under a checkpoint before it, is still true.
            assertThat(sound).as("%s at record %d", forgery, at).containsAll(shown);
            assertThat(shown).as("%s at record %d", forgery, at).hasSizeLessThan(sound.size());
        }
    }

    /** What packs of all calls say that can be made and that are sound for whoever has the key. */
    private Set<String> packs(Path folder) throws IOException {
        Set<String> packs = new HashSet<>();
        List<String> calls = new ArrayList<>();
        Verifier.source(folder.resolve(Journal.FOLDER), bytes -> {}).each(entry -> {
            if (entry.record() instanceof Received received) {
                calls.add(received.exchange().value());
            }
            return true;
        });
        for (String exchange : new HashSet<>(calls)) {
            try {
                EvidencePack pack =
                        EvidenceExport.of(Verifier.source(folder.resolve(Journal.FOLDER), bytes -> {}), exchange);
                EvidenceCheck.Report report = EvidenceCheck.check(pack, new Trust(List.of(key), List.of(), List.of()));
                if (report.flaws().isEmpty()) {
                    packs.add(pack.exchange()
                            + pack.records().stream()
                                    .map(EvidencePack.Item::json)
                                    .toList());
                }
            } catch (IOException | IllegalArgumentException refused) {
                // No evidence of it can be made.
            }
        }
        return packs;
    }
}
