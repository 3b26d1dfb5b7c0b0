package dev.tollgate.detect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Loads rule packs: those in the jar, or those of a folder instead. Reads files; call it off the event loop. */
public final class RuleSets {
    /** Largest pack file, in bytes. */
    private static final long MOST_BYTES = 4 << 20;

    private static final List<String> SHIPPED = List.of("secrets.yaml", "personal.yaml", "injection.yaml");

    private RuleSets() {}

    /** The packs that come with Tollgate. */
    public static RuleSet shipped() {
        return of(shippedTexts());
    }

    /**
     * All {@code *.yaml} files of a folder, in the order of their names, in place of the shipped packs.
     *
     * @throws RulePackException    if a pack is not sound, or there is none
     * @throws UncheckedIOException if the folder cannot be read
     */
    public static RuleSet fromFolder(Path folder) {
        final Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                if (Files.size(file) > MOST_BYTES) {
                    throw new RulePackException(file.toString(), 1, "larger than " + MOST_BYTES + " bytes");
                }
                texts.put(file.toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // An empty folder would switch every scan off without a word.
        if (texts.isEmpty()) {
            throw new RulePackException(folder.toString(), 0, "holds no *.yaml rule pack");
        }
        return of(texts);
    }

    /** @param texts YAML by file name */
    static RuleSet of(Map<String, String> texts) {
        final MessageDigest digest = sha256();
        final List<Rule> rules = new ArrayList<>();
        final Map<String, String> placeOf = new HashMap<>();
        texts.forEach((file, yaml) -> {
            digest.update(yaml.getBytes(StandardCharsets.UTF_8));
            for (RulePack.Loaded loaded : RulePack.read(file, yaml).rules()) {
                final String earlier = placeOf.putIfAbsent(loaded.rule().id(), file + ":" + loaded.line());
                if (earlier != null) {
                    throw new RulePackException(
                            file,
                            loaded.line(),
                            "rule " + loaded.rule().id() + ": its id is taken by the rule at " + earlier);
                }
                rules.add(loaded.rule());
            }
        });
        return new RuleSet(HexFormat.of().formatHex(digest.digest(), 0, 8), rules);
    }

    /** YAML of the packs in the jar, by name. */
    static Map<String, String> shippedTexts() {
        final Map<String, String> texts = new TreeMap<>();
        for (String name : SHIPPED) {
            try (InputStream pack = RuleSets.class.getResourceAsStream("/rules/" + name)) {
                if (pack == null) {
                    throw new IllegalStateException("resource /rules/" + name + " is missing from the jar");
                }
                texts.put("rules/" + name, new String(pack.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return texts;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
