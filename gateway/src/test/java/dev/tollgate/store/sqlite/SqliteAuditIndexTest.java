package dev.tollgate.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.AuditIndexContract;
import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.Records;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SqliteAuditIndexTest extends AuditIndexContract {
    @Override
    protected Fed open() throws Exception {
        SqliteDatabase database = SqliteDatabase.open(data, List.of(SqliteAuditIndex.SCHEMA));
        SqliteAuditIndex index = new SqliteAuditIndex(database, data.resolve(Journal.FOLDER));
        return new Fed(index, index.sink(), database);
    }

    @Test
    void database_deleted_isFilledFromTheJournalAgain() throws Exception {
        append(Records.received("ex_1"), Records.ended("ex_1"), Records.received("ex_2"));
        fed.closing().close();
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith(SqliteDatabase.FILE_NAME))
                    .toList()) {
                Files.delete(file);
            }
        }
        fed = open();
        assertThat(recent(Filter.ALL, 10)).isEmpty();

        catchUp();

        assertThat(recent(Filter.ALL, 10)).containsExactly("ex_2", "ex_1");
    }

    @Test
    void journal_replacedByAnother_isReadFromItsStart() throws Exception {
        append(Records.received("ex_1"), Records.received("ex_2"));
        journal.close();
        try (Stream<Path> files = Files.list(data.resolve(Journal.FOLDER))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(data.resolve(AuditKeys.NAME));
        journal = JournalFolder.open(data);

        append(Records.received("ex_3"));

        assertThat(recent(Filter.ALL, 10)).containsExactly("ex_3");
    }

    @Test
    void exchanges_ofDroppedSegments_areForgotten_theOthersStay() throws Exception {
        for (int i = 0; i < 2_100; i++) {
            var unused = journal.append(Records.received("old_" + i));
        }
        append(Records.received("ex_1"));
        journal.close();
        journal = JournalFolder.open(data);
        append(Records.received("ex_2"), Records.ended("ex_2"));

        ((SqliteAuditIndex) fed.index()).forgetUpTo(1);

        assertThat(recent(Filter.ALL, 10)).containsExactly("ex_2");
    }

    @Test
    void twoProcesses_feedingOneIndex_takeEachRecordOnce() throws Exception {
        Fed other = open();
        try (JournalTail first = tail().start("first");
                JournalTail second = new JournalTail(
                                data.resolve(Journal.FOLDER),
                                () -> Journal.headOf(data.resolve(Journal.FOLDER)),
                                other.sink(),
                                Duration.ofMillis(1))
                        .start("second")) {
            for (int i = 0; i < 300; i++) {
                await(journal.append(Records.received("ex_" + i)));
            }
            first.catchUp();
            second.catchUp();
        }

        assertThat(recent(Filter.ALL, 1000)).hasSize(300);
        assertThat(other.sink().upTo()).contains(journal.head());
        other.closing().close();
    }
}
