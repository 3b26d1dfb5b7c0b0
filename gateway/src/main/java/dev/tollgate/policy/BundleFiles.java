package dev.tollgate.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of a bundle: the {@code *.yaml} and {@code *.yml} of a folder, not of its subfolders, or those that were built in. */
final class BundleFiles {
    /** The default bundle, in the folder {@code policies} of the class path, whose files cannot be listed there. */
    static final List<String> BUILT_IN = List.of(
            "approval.yaml",
            "budget.yaml",
            "console.yaml",
            "detect.yaml",
            "guard.yaml",
            "models.yaml",
            "notifications.yaml",
            "payloads.yaml",
            "providers.yaml",
            "rate_limits.yaml",
            "scan.yaml",
            "server.yaml",
            "tools.yaml");

    static final String CATALOG = "catalog/providers.yaml";

    private static final int MAX_FILES = 500;
    private static final int MAX_FILE_BYTES = 4 * 1024 * 1024;

    private BundleFiles() {}

    /**
     * @param name as the operator knows it
     * @param text the content with line feeds only
     */
    record SourceFile(String name, String text) {}

    /**
     * @param folder the bundle's folder; null for the default bundle
     * @param errors takes what is wrong
     * @return the files sorted by name
     */
    static List<SourceFile> read(@Nullable Path folder, List<PolicyError> errors) {
        List<SourceFile> files = new ArrayList<>();
        if (folder == null) {
            BUILT_IN.forEach(name -> files.add(builtIn(name)));
            return files;
        }
        try {
            for (Path path : list(folder)) {
                String text = decode(path.toString(), readLimited(path), errors);
                if (text != null) {
                    files.add(new SourceFile(path.toString(), text));
                }
            }
            if (files.isEmpty() && errors.isEmpty()) {
                errors.add(new PolicyError(folder.toString(), 0, "", "the folder has no *.yaml files"));
            }
        } catch (IOException unreadable) {
            errors.add(new PolicyError(
                    folder.toString(),
                    0,
                    "",
                    "cannot be read: " + unreadable.getClass().getSimpleName() + " " + unreadable.getMessage()));
        }
        return files;
    }

    /** A file that was built in. */
    static SourceFile builtIn(String name) {
        try (InputStream in = BundleFiles.class.getResourceAsStream("/policies/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the built-in policies/" + name + " is missing");
            }
            return new SourceFile(
                    "built-in policies/" + name, lineFeeds(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException broken) {
            throw new IllegalStateException("the built-in policies/" + name + " cannot be read", broken);
        }
    }

    /** The bundle's files in a folder, sorted. Links are followed: Kubernetes links every file of a ConfigMap. */
    static List<Path> list(Path folder) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "[!.]*.{yaml,yml}")) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry)) {
                    paths.add(entry);
                }
            }
        }
        if (paths.size() > MAX_FILES) {
            throw new IOException("it has " + paths.size() + " files, at most " + MAX_FILES + " are allowed");
        }
        paths.sort(null);
        return paths;
    }

    private static byte[] readLimited(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(MAX_FILE_BYTES + 1);
            if (content.length > MAX_FILE_BYTES) {
                throw new IOException(path + " is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return content;
        }
    }

    private static @Nullable String decode(String name, byte[] content, List<PolicyError> errors) {
        try {
            return lineFeeds(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException malformed) {
            errors.add(new PolicyError(name, 0, "", "is not UTF-8"));
            return null;
        }
    }

    private static String lineFeeds(String text) {
        return text.replace("\r\n", "\n");
    }
}
