package dev.tollgate.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a policy may refer to instead of saying it: {@code ${NAME}} and {@code ${NAME:-otherwise}} anywhere in a value for environment
 * variables, and {@code file:/run/secrets/key} as a whole value for credentials. An empty variable counts as unset. Reads files, so not for
 * event loops.
 */
public final class References {
    /** Largest file that a credential may stand in, in bytes. */
    public static final int MAX_FILE_BYTES = 64 * 1024;

    private static final String FILE = "file:";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    private final Environment environment;

    public References(Environment environment) {
        this.environment = environment;
    }

    /** What became of a reference. */
    public sealed interface Resolved {
        /** The value, all references replaced. May be a credential. */
        record Value(String text) implements Resolved {
            @Override
            public String toString() {
                return "Value[redacted]";
            }
        }

        /**
         * There is no value.
         *
         * @param why names the variable or file, never a content
         */
        record Missing(String why) implements Resolved {}
    }

    /** Replaces the variables in a text. */
    public Resolved variables(String written) {
        if (!written.contains("${")) {
            return new Resolved.Value(written);
        }
        StringBuilder value = new StringBuilder();
        Matcher matcher = VARIABLE.matcher(written);
        int from = 0;
        while (matcher.find()) {
            String replacement = replacement(matcher);
            if (replacement == null) {
                return new Resolved.Missing("environment variable " + matcher.group(1) + " is not set");
            }
            value.append(written, from, matcher.start()).append(replacement);
            from = matcher.end();
        }
        if (written.indexOf("${", from) >= 0) {
            return new Resolved.Missing("not a reference of the form ${NAME} or ${NAME:-otherwise}");
        }
        return new Resolved.Value(value.append(written.substring(from)).toString());
    }

    private @Nullable String replacement(Matcher matcher) {
        String set = environment.get(matcher.group(1));
        return set == null || set.isEmpty() ? matcher.group(2) : set;
    }

    /** Replaces the variables in a credential, and reads the file that it may then name. */
    public Resolved credential(String written) {
        return switch (variables(written)) {
            case Resolved.Missing missing -> missing;
            case Resolved.Value(String text) ->
                text.startsWith(FILE) ? file(text.substring(FILE.length())) : new Resolved.Value(text);
        };
    }

    private static Resolved file(String name) {
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            byte[] content = in.readNBytes(MAX_FILE_BYTES + 1);
            if (content.length > MAX_FILE_BYTES) {
                return new Resolved.Missing("file " + name + " has more than " + MAX_FILE_BYTES + " bytes");
            }
            String text = new String(content, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? new Resolved.Missing("file " + name + " is empty") : new Resolved.Value(text);
        } catch (IOException | InvalidPathException unreadable) {
            return new Resolved.Missing(
                    "file " + name + " cannot be read (" + unreadable.getClass().getSimpleName() + ")");
        }
    }
}
