package dev.tollgate.audit.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.Signer;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Verifier;
import dev.tollgate.audit.evidence.EvidencePack.Content;
import dev.tollgate.audit.evidence.EvidencePack.Item;
import dev.tollgate.audit.seal.SigningKey;
import dev.tollgate.audit.seal.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evidence packs, whole and changed in every way that one can think of. */
final class EvidencePackTest {
    private static final int MUTATIONS = 500;

    @TempDir
    private Path data;

    private volatile Instant now = Records.NOON;
    private VerifierKey first;
    private VerifierKey second;
    private EvidencePack pack;

    @BeforeEach
    void export() throws Exception {
        try (Journal journal = open()) {
            first = AuditKeys.shown(data);
            for (int i = 0; i < 20; i++) {
                call(journal, "ex_" + i);
            }
            second = AuditKeys.prepareNext(data, journal.head().node(), false);
            now = now.plusSeconds(11);
            for (int i = 20; i < 40; i++) {
                call(journal, "ex_" + i);
            }
        }
        pack = EvidenceExport.of(Verifier.source(data.resolve(Journal.FOLDER), bytes -> {}), "ex_33");
    }

    @Test
    void pack_ofEachCall_isSoundForWhoHasEitherKey() throws Exception {
        for (int i = 0; i < 40; i++) {
            EvidencePack each = EvidencePack.read(
                    EvidenceExport.of(Verifier.source(data.resolve(Journal.FOLDER), bytes -> {}), "ex_" + i)
                            .write());

            for (VerifierKey key : List.of(first, second)) {
                EvidenceCheck.Report report = EvidenceCheck.check(each, trust(i < 20 ? first : key));
                assertThat(report.flaws()).as("ex_%d", i).isEmpty();
                assertThat(report.records()).hasSize(2);
            }
        }
        assertThat(EvidenceCheck.check(pack, Trust.NONE).flaws()).isEmpty();
    }

    @Test
    void pack_changedAnywhere_isNamed() throws Exception {
        byte[] document = pack.write();
        String good = said(pack);
        Random random = new Random(4);
        int unreadable = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] changed = document.clone();
            int at = random.nextInt(changed.length);
            changed[at] ^= (byte) (1 << random.nextInt(7));
            try {
                EvidencePack mutant = EvidencePack.read(changed);
                boolean isSame = said(mutant).equals(good) && mutant.exchange().equals(pack.exchange());
                if (!isSame) {
                    assertThat(EvidenceCheck.check(mutant, trust(first)).flaws())
                            .as("byte %d", at)
                            .isNotEmpty();
                }
            } catch (IOException noPack) {
                unreadable++;
            }
        }
        assertThat(unreadable).isLessThan(MUTATIONS / 2);
    }

    @Test
    void records_removedSwappedDoubledOrOfAnotherCall_areNamed() throws Exception {
        EvidencePack other = EvidenceExport.of(Verifier.source(data.resolve(Journal.FOLDER), bytes -> {}), "ex_34");
        List<Item> records = pack.records();
        List<List<Item>> mutants = List.of(
                List.of(),
                records.subList(1, 2),
                records.reversed(),
                List.of(records.getFirst(), records.getFirst(), records.getLast()),
                other.records(),
                List.of(
                        records.getFirst(),
                        new Item(
                                records.getLast().index() + 1,
                                records.getLast().json(),
                                records.getLast().proof())),
                List.of(
                        records.getFirst(),
                        new Item(
                                records.getLast().index(),
                                records.getLast().json(),
                                records.getFirst().proof())));

        for (List<Item> mutant : mutants) {
            assertThat(flaws(new EvidencePack(pack.exchange(), mutant, pack.checkpoint(), pack.signers(), List.of())))
                    .as("%s", mutant)
                    .isNotEmpty();
        }
        assertThat(EvidenceCheck.check(
                                new EvidencePack(
                                        pack.exchange(),
                                        records.subList(0, 1),
                                        pack.checkpoint(),
                                        pack.signers(),
                                        List.of()),
                                trust(first))
                        .notes())
                .anyMatch(note -> note.contains("its end was left out"));
    }

    @Test
    void keys_removedReplacedOrUnendorsed_areNamed() {
        List<Signer> signers = pack.signers();
        assertThat(signers).hasSize(2);
        VerifierKey foreign = SigningKey.generate(first.name()).verifier();
        for (List<Signer> mutant : List.of(
                List.<Signer>of(),
                signers.subList(0, 1),
                List.of(new Signer(foreign.toString(), ""), signers.getLast()),
                List.of(
                        signers.getFirst(),
                        new Signer(foreign.toString(), signers.getLast().endorsement())),
                List.of(signers.getFirst(), new Signer(signers.getLast().key(), "")))) {
            assertThat(flaws(new EvidencePack(pack.exchange(), pack.records(), pack.checkpoint(), mutant, List.of())))
                    .as("%s", mutant)
                    .isNotEmpty();
        }
    }

    @Test
    void payload_thatNoRecordCommitsTo_isNamed() {
        EvidencePack mutant = pack.withPayloads(List.of(new Content("request", "AAAA", "AAAA")));

        assertThat(flaws(mutant)).isNotEmpty();
        assertThat(mutant.toString()).doesNotContain("AAAA");
    }

    @Test
    void call_thatIsNotInTheLog_isRefused() {
        assertThatThrownBy(() -> EvidenceExport.of(Verifier.source(data.resolve(Journal.FOLDER), bytes -> {}), "ex_99"))
                .hasMessage("the log has no call ex_99");
    }

    private List<EvidenceCheck.Flaw> flaws(EvidencePack mutant) {
        return EvidenceCheck.check(mutant, trust(first)).flaws();
    }

    /** All that is evidence in a pack. */
    private static String said(EvidencePack pack) {
        return pack.records().stream()
                        .map(item -> item.index() + item.json() + item.proof())
                        .toList()
                + pack.checkpoint()
                + pack.signers()
                + pack.payloads().size();
    }

    private static Trust trust(VerifierKey key) {
        return new Trust(List.of(key), List.of(), List.of());
    }

    private void call(Journal journal, String exchange) throws Exception {
        journal.append(Records.received(exchange, now, "agent-a", "team-a", "session-a", 5))
                .await(10, TimeUnit.SECONDS);
        journal.append(Records.ended(exchange, now, "completed", "openai/small-1", 5L))
                .await(10, TimeUnit.SECONDS);
        now = now.plusSeconds(1);
        assertThat(exchange.getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    }

    private Journal open() throws IOException {
        return Journal.open(data, JournalFolder.FAST, () -> now, counter -> true);
    }
}
