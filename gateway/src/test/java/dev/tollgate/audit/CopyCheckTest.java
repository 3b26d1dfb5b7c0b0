package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CopyCheckTest {
    @TempDir
    private Path data;

    private List<JournalEntry> copy = new ArrayList<>();

    /** Two starts. */
    @BeforeEach
    void journal() throws Exception {
        for (int start = 0; start < 2; start++) {
            try (Journal journal = JournalFolder.open(data)) {
                for (int i = 0; i < 5; i++) {
                    Future<?> appended = journal.append(Records.received("ex_" + start + "_" + i));
                    Object unused = appended.await(10, TimeUnit.SECONDS);
                }
            }
        }
        copy = new ArrayList<>(JournalFolder.entries(data));
    }

    private CopyCheck.Result compare() throws IOException {
        LogSource source = reader -> {
            for (JournalEntry entry : copy) {
                if (!reader.take(entry)) {
                    return;
                }
            }
        };
        return CopyCheck.compare(data.resolve(Journal.FOLDER), source, "the copy", read -> {});
    }

    private Bad bad() throws IOException {
        return compare().firstBad().orElseThrow();
    }

    @Test
    void copies_thatAreTheSame_agree_alsoWhereOneIsBehind() throws Exception {
        long all = copy.size();
        assertThat(compare()).isEqualTo(new CopyCheck.Result(all, 0, Optional.empty()));

        copy.removeLast();
        copy.removeLast();

        assertThat(compare()).isEqualTo(new CopyCheck.Result(all - 2, 2, Optional.empty()));
    }

    @Test
    void copy_withoutItsBeginning_orTheJournalWithout_isComparedFromWhereBothBegin() throws Exception {
        long all = copy.size();
        copy.subList(0, 3).clear();
        assertThat(compare().same()).isEqualTo(all - 3);

        copy = new ArrayList<>(JournalFolder.entries(data));
        Files.delete(JournalFolder.segment(data, 1));
        CopyCheck.Result found = compare();
        assertThat(found.firstBad()).isEmpty();
        assertThat(found.same())
                .isEqualTo(copy.stream()
                        .filter(entry -> entry.position().segment() == 2)
                        .count());
    }

    @Test
    void record_missingInTheMiddle_isNamedOnEitherSide() throws Exception {
        JournalEntry gone = copy.remove(4);
        assertThat(bad().message()).contains("the copy lacks record " + gone.sequence() + " of chain " + gone.chain());
        assertThat(bad().sequence()).isEqualTo(gone.sequence());

        copy.add(4, gone);
        Rewrite shorter = Rewrite.of(data);
        shorter.remove(copy.size() - 2);
        Path other = shorter.write();
        CopyCheck.Result found = CopyCheck.compare(
                other.resolve(Journal.FOLDER),
                reader -> {
                    for (JournalEntry entry : copy) {
                        if (!reader.take(entry)) {
                            return;
                        }
                    }
                },
                "the copy",
                read -> {});
        assertThat(found.firstBad().orElseThrow().fault()).isEqualTo(Fault.COPIES_DIFFER);
    }

    @Test
    void record_thatDiffers_isNamedFirst() throws Exception {
        JournalEntry old = copy.get(7);
        byte[] json = old.json().clone();
        json[json.length - 3] ^= 1;
        copy.set(7, JournalEntry.endingAt(old.end(), old.hash(), json));

        assertThat(bad().fault()).isEqualTo(Fault.COPIES_DIFFER);
        assertThat(bad().sequence()).isEqualTo(old.sequence());
        assertThat(bad().message()).contains("is not the same in the journal and in the copy");
        assertThat(compare().same()).isEqualTo(7);
    }

    @Test
    void records_inAnotherOrder_orBehindTheJournalsEnd_areNamed() throws Exception {
        Collections.swap(copy, 3, 4);
        assertThat(bad().message()).contains("the copy lacks record");
        Collections.swap(copy, 3, 4);

        byte[] more = JournalFolder.nextFrame(data, Records.administrative("forged"));
        byte[] json = Arrays.copyOfRange(more, Frame.HEADER, more.length);
        copy.add(JournalEntry.ofLog(json));
        assertThat(bad().message()).contains("the journal ends before it");
    }
}
