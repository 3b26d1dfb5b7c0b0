package dev.tollgate.cli;

import dev.tollgate.audit.Trust;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.SignedNote;
import dev.tollgate.audit.seal.VerifierKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What an auditor brings along: public keys, and checkpoints that were kept elsewhere. */
final class TrustOptions {
    /** A later anchor stands for all before it, so that the newest are enough. */
    private static final int MAX_ANCHORS = 10_000;

    private static final Pattern KEY = Pattern.compile("[^+\\s]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]{44}");

    @Option(
            names = "--pubkey",
            paramLabel = "KEY",
            description =
                    "A public key of the log as `tollgate audit key show` prints it, or a file with it. May be repeated. Without it the log"
                            + " vouches for its own key, which shows that it is consistent and not who wrote it.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--anchor",
            paramLabel = "FILE",
            description =
                    "Checkpoints that were kept elsewhere: the file of audit.anchors, or one note. May be repeated.")
    private List<Path> anchors = new ArrayList<>();

    Trust read() throws IOException {
        List<VerifierKey> trusted = new ArrayList<>();
        for (String key : keys) {
            trusted.addAll(keys(key));
        }
        Deque<String> notes = new ArrayDeque<>();
        for (Path file : anchors) {
            int before = notes.size();
            notes(file, notes);
            if (notes.size() == before) {
                throw new IOException("there is no checkpoint in " + file);
            }
        }
        return new Trust(trusted, List.copyOf(notes), List.of());
    }

    private static List<VerifierKey> keys(String option) throws IOException {
        String text = KEY.matcher(option).matches() ? option : Files.readString(Path.of(option));
        List<VerifierKey> found = new ArrayList<>();
        Matcher matcher = KEY.matcher(text);
        while (matcher.find()) {
            found.add(VerifierKey.parse(matcher.group()));
        }
        if (found.isEmpty()) {
            throw new IOException("there is no key of the form name+id+base64 in " + option);
        }
        return found;
    }

    /** Notes with a blank line behind each. */
    private static void notes(Path file, Deque<String> notes) throws IOException {
        StringBuilder note = new StringBuilder();
        boolean isSigned = false;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() && isSigned) {
                    add(note, notes);
                    isSigned = false;
                } else {
                    note.append(line).append('\n');
                    isSigned = line.startsWith("\u2014 ");
                }
            }
        }
        if (isSigned) {
            add(note, notes);
        }
    }

    private static void add(StringBuilder note, Deque<String> notes) throws IOException {
        try {
            SignedNote signed = SignedNote.parse(note.toString());
            Checkpoint unused = Checkpoint.parse(signed.text());
            notes.addLast(signed.toString());
        } catch (IllegalArgumentException malformed) {
            throw new IOException("not a checkpoint: " + malformed.getMessage(), malformed);
        }
        if (notes.size() > MAX_ANCHORS) {
            notes.removeFirst();
        }
        note.setLength(0);
    }
}
