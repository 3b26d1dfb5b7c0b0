package dev.tollgate.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.payload.AgentSession;
import dev.tollgate.audit.payload.Answer;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadKeys;
import dev.tollgate.audit.payload.PayloadShelf;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import dev.tollgate.audit.payload.PayloadShelfContract;
import dev.tollgate.audit.payload.ShelvedPayloads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqlitePayloadsTest extends PayloadShelfContract {
    @TempDir
    private Path data;

    @Override
    protected PayloadShelf open() throws IOException {
        return SqlitePayloads.open(data);
    }

    @Override
    protected PayloadShelf openAgain() throws IOException {
        return SqlitePayloads.open(data);
    }

    @Test
    void files_made_areTheirOwnersOnly() throws Exception {
        Path other = Files.createDirectory(data.resolve("other"));
        try (ShelvedPayloads store = store(SqlitePayloads.open(other), PayloadKeys.none())) {
            store.keep(request("ex_1", NOON, "bot", "s", "{\"messages\":[]}".getBytes(StandardCharsets.UTF_8)), 0);
        }

        Path folder = other.resolve(SqlitePayloads.FOLDER);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.toList())
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void erased_always_isGoneFromTheFile() throws Exception {
        Path other = Files.createDirectory(data.resolve("other"));
        byte[] body = "{\"messages\":[{\"role\":\"user\",\"content\":\"a parrot called Polly\"}]}"
                .getBytes(StandardCharsets.UTF_8);
        try (ShelvedPayloads store = store(SqlitePayloads.open(other), PayloadKeys.none())) {
            store.keep(request("ex_1", NOON, "bot", "s", body), 0);
        }
        assertThat(contains(other, "called Polly")).isTrue();

        try (ShelvedPayloads running = store(SqlitePayloads.open(other), PayloadKeys.none());
                ShelvedPayloads store = store(SqlitePayloads.open(other), PayloadKeys.none())) {
            assertThat(await(running.find("ex_1", NOON, Part.REQUEST))).isInstanceOf(Answer.Kept.class);

            assertThat(await(store.erase(Subject.parse("user:ann"), "dpo", "asked"))
                            .exchanges())
                    .isEqualTo(1);

            assertThat(contains(other, "called Polly")).isFalse();
        }
        assertThat(contains(other, "called Polly")).isFalse();
    }

    private static boolean contains(Path folder, String text) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(SqlitePayloads.FOLDER))) {
            for (Path file : files.toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void hundredTurns_of256Kilobytes_costLessThanTheLastRequest() throws Exception {
        for (boolean isAnthropic : new boolean[] {false, true}) {
            Path other = Files.createDirectory(data.resolve("other" + isAnthropic));
            List<byte[]> requests = AgentSession.requests(3, 100, 256 * 1024, isAnthropic);
            try (ShelvedPayloads store = store(SqlitePayloads.open(other), PayloadKeys.none())) {
                for (int i = 0; i < requests.size(); i++) {
                    store.keep(
                            request(
                                    "ex_01km2v5q8w3c4j6h7n9p" + (1000 + i),
                                    NOON.plusSeconds(i),
                                    "bot",
                                    "s",
                                    requests.get(i)),
                            0);
                }
            }

            long stored;
            try (Stream<Path> files = Files.list(other.resolve(SqlitePayloads.FOLDER))) {
                stored = files.mapToLong(file -> file.toFile().length()).sum();
            }
            long whole = requests.stream().mapToLong(request -> request.length).sum();
            int last = requests.getLast().length;
            System.out.printf(
                    "%s: last request %d bytes, all requests whole %d bytes, stored %d bytes (%.2f of the last, 1/%d of the whole)%n",
                    isAnthropic ? "anthropic" : "openai", last, whole, stored, (double) stored / last, whole / stored);
            assertThat(last).isBetween(250_000, 275_000);
            assertThat(stored).isLessThan(2L * last);
        }
    }
}
