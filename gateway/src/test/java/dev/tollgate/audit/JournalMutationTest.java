package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.seal.VerifierKey;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.Durability;
import dev.tollgate.policy.ByteSize;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Changes journals at random, with all that a rewriter can make right again made right again, and verifies them with the public key and with anchors.
 * The clean journal has restarts, a tail that a kill left, a repaired torn write and a change of keys.
 */
final class JournalMutationTest {
    private static final int BYTE_MUTATIONS = 160;
    private static final int FORGERIES = 12;

    @TempDir
    private Path data;

    private volatile Instant now = Records.NOON;
    private final List<String> anchors = new ArrayList<>();
    private VerifierKey key;
    private final Random random = Forgery.random();

    @BeforeEach
    void journal() throws Exception {
        AuditPolicy small = new AuditPolicy(Durability.FAST, new ByteSize(16_000), null, null, null);
        run(small, 0, 60, false);
        key = AuditKeys.shown(data);
        VerifierKey next = AuditKeys.prepareNext(data, key.name().replace("tollgate.dev/", ""), false);
        assertThat(next).isNotEqualTo(key);
        run(small, 1, 60, true);
        run(small, 2, 60, false);
    }

    /** Some calls, of which the last never end; killed, with a torn write at its end, or closed. */
    private void run(AuditPolicy policy, int start, int calls, boolean killed) throws Exception {
        Path copy;
        try (Journal journal = Journal.open(data, policy, () -> now, counter -> true)) {
            AtomicBoolean isAlive = new AtomicBoolean(true);
            journal.anchor(note -> {
                if (isAlive.get()) {
                    anchors.add(note);
                }
            });
            for (int i = 0; i < calls; i++) {
                String exchange = "ex_" + start + "_" + i;
                await(journal.append(Records.received(exchange, now, "agent-a", "team-a", "session-a", 5)));
                if (i < calls - 3) {
                    await(journal.append(Records.ended(exchange, now, "completed", "openai/small-1", 5L)));
                }
                now = now.plusMillis(random.nextInt(1500));
            }
            if (killed) {
                // What it seals at its end never came to be.
                isAlive.set(false);
            }
            copy = killed ? JournalFolder.copy(data) : data;
        }
        if (killed) {
            replace(copy);
            List<Long> segments = Segments.list(data.resolve(Journal.FOLDER));
            byte[] torn = new byte[100 + random.nextInt(100)];
            random.nextBytes(torn);
            Files.write(JournalFolder.segment(data, segments.getLast()), torn, StandardOpenOption.APPEND);
        }
        now = now.plusSeconds(3600);
    }

    private void replace(Path copy) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve(Journal.FOLDER))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(copy.resolve(Journal.FOLDER))) {
            for (Path file : files.toList()) {
                Files.move(
                        file,
                        data.resolve(Journal.FOLDER).resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void cleanJournal_withAllThatMayHappenToIt_raisesNoAlarm() throws Exception {
        assertThat(verify(data, new Trust(List.of(key), anchors, List.of())).firstBad())
                .isEmpty();
        assertThat(verify(data, Trust.NONE).firstBad()).isEmpty();
        Verification rewritten = verify(Rewrite.of(data).write(), new Trust(List.of(key), anchors, List.of()));
        assertThat(rewritten.firstBad()).isEmpty();
        assertThat(rewritten.notes()).anyMatch(note -> note.contains("journal_repaired"));
    }

    @Test
    void bytes_flippedDeletedInsertedOrCutOff_areNamed() throws Exception {
        List<Long> segments = Segments.list(data.resolve(Journal.FOLDER));
        for (int i = 0; i < BYTE_MUTATIONS; i++) {
            long number = segments.get(random.nextInt(segments.size()));
            Path file = JournalFolder.segment(data, number);
            byte[] before = Files.readAllBytes(file);
            if (before.length <= Frame.MAGIC.length) {
                continue;
            }
            int kind = i % 4;
            int at = random.nextInt(before.length);
            Files.write(file, mutated(before, at, kind));

            assertThat(verify(data, Trust.NONE).firstBad())
                    .as("mutation %d at byte %d of segment %d", kind, at, number)
                    .isPresent();

            Files.write(file, before);
        }
    }

    private static byte[] mutated(byte[] bytes, int at, int kind) {
        byte[] target = new byte[bytes.length + (kind == 1 ? -1 : kind == 2 ? 1 : kind == 3 ? at - bytes.length : 0)];
        System.arraycopy(bytes, 0, target, 0, Math.min(at, target.length));
        switch (kind) {
            case 0 -> {
                System.arraycopy(bytes, at, target, at, bytes.length - at);
                target[at] ^= 0x10;
            }
            case 1 -> System.arraycopy(bytes, at + 1, target, at, bytes.length - at - 1);
            case 2 -> {
                target[at] = 0x41;
                System.arraycopy(bytes, at, target, at + 1, bytes.length - at);
            }
            default -> {
                // Cut off at this byte.
            }
        }
        return target;
    }

    @ParameterizedTest
    @EnumSource(Forgery.class)
    void forgery_withLinksHashesCrcAndHeadMadeRight_isNamed(Forgery forgery) throws Exception {
        for (int i = 0; i < FORGERIES; i++) {
            Rewrite rewrite = Rewrite.of(data);
            int at = forgery.on(rewrite, random);

            Optional<Verification.Bad> bad = verify(rewrite.write(), new Trust(List.of(key), anchors, List.of()))
                    .firstBad();

            assertThat(bad).as("%s at record %d", forgery, at).isPresent();
        }
    }

    @Test
    void fork_ofTheJournal_isNamedByAnAnchorOfTheOther() throws Exception {
        Path fork = JournalFolder.copy(data);
        for (Path folder : List.of(data, fork)) {
            try (Journal journal = Journal.open(folder, JournalFolder.FAST, () -> now, counter -> true)) {
                if (folder.equals(data)) {
                    journal.anchor(anchors::add);
                }
                await(journal.append(Records.administrative("done_in_" + folder.getFileName())));
            }
        }

        assertThat(verify(data, new Trust(List.of(key), anchors, List.of())).firstBad())
                .isEmpty();
        assertThat(verify(fork, new Trust(List.of(key), List.of(), List.of())).firstBad())
                .isEmpty();
        assertThat(verify(fork, new Trust(List.of(key), anchors, List.of()))
                        .firstBad()
                        .orElseThrow()
                        .fault())
                .isEqualTo(Verification.Fault.ANCHOR);
    }

    private static Verification verify(Path folder, Trust trust) throws IOException {
        return Verifier.verify(folder.resolve(Journal.FOLDER), trust, read -> {});
    }

    private static void await(Future<?> future) throws Exception {
        Object unused = future.await(10, TimeUnit.SECONDS);
    }
}
