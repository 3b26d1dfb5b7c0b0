package dev.tollgate.cli.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Reads corpora: files of one JSON object per line, compressed or not, and folders of such files. */
final class CorpusReader {
    /** Longest row, in chars. */
    private static final int MAX_ROW_CHARS = 32 << 20;

    private static final int MAX_DEPTH = 4;

    private static final ObjectMapper JSON = new ObjectMapper();

    private CorpusReader() {}

    /** @throws IOException naming file and line, if something cannot be read or is no row of a corpus */
    static void read(Path corpus, Consumer<CorpusRow> rows) throws IOException {
        for (Path file : files(corpus)) {
            try (BufferedReader lines = open(file)) {
                read(file, lines, rows);
            }
        }
    }

    private static List<Path> files(Path corpus) throws IOException {
        if (!Files.isDirectory(corpus)) {
            return List.of(corpus);
        }
        try (Stream<Path> all = Files.walk(corpus, MAX_DEPTH)) {
            final List<Path> files = all.filter(file -> file.toString().endsWith(".jsonl") || isCompressed(file))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new IOException(corpus + " holds no .jsonl or .jsonl.gz");
            }
            return files;
        }
    }

    private static boolean isCompressed(Path file) {
        return file.toString().endsWith(".jsonl.gz");
    }

    private static BufferedReader open(Path file) throws IOException {
        final InputStream bytes = Files.newInputStream(file);
        return new BufferedReader(
                new InputStreamReader(isCompressed(file) ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8));
    }

    private static void read(Path file, BufferedReader lines, Consumer<CorpusRow> rows) throws IOException {
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.length() > MAX_ROW_CHARS) {
                throw new IOException(file + ":" + number + ": the row has " + line.length() + " chars, allowed are "
                        + MAX_ROW_CHARS);
            }
            if (line.isBlank()) {
                continue;
            }
            try {
                rows.accept(CorpusRow.of(JSON.readTree(line)));
            } catch (JsonProcessingException e) {
                throw new IOException(file + ":" + number + ": no JSON: " + e.getOriginalMessage(), e);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
            }
        }
    }
}
