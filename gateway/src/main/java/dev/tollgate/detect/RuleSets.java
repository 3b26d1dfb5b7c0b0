package dev.tollgate.detect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts rule sets together from packs. Takes about a fifth of a second; call it off the event loop. */
public final class RuleSets {
    private static final List<String> SHIPPED = List.of("secrets.yaml", "personal.yaml", "injection.yaml");

    private static final String CLASSIFIER = "classifier.bin";

    /** Rule sets that somebody has, by what they were made of: one takes some 20 MB, and a reload seldom changes a pack. */
    private static final Cache<String, RuleSet> KNOWN =
            Caffeine.newBuilder().weakValues().build();

    private RuleSets() {}

    /** The packs that come with Tollgate. */
    public static RuleSet shipped() {
        return of(shippedTexts(), classifier());
    }

    /**
     * The shipped packs and others with them; one that has the name of a shipped pack takes its place.
     *
     * @param packs YAML by file name, such as {@code rules/acme.yaml}
     * @throws RulePackException if a pack is not sound
     */
    public static RuleSet with(Map<String, String> packs) {
        final Map<String, String> all = new TreeMap<>(shippedTexts());
        all.putAll(packs);
        final byte[] weights = classifier();
        return KNOWN.get(contents(all, weights), unknown -> of(all, weights));
    }

    /** Tells what a rule set is made of. */
    private static String contents(Map<String, String> texts, byte[] weights) {
        final MessageDigest digest = sha256();
        digest.update(weights);
        // Each name and each pack is hashed to one length, so that none can pass for the end of another.
        texts.forEach((file, yaml) -> {
            digest.update(sha256().digest(file.getBytes(StandardCharsets.UTF_8)));
            digest.update(sha256().digest(yaml.getBytes(StandardCharsets.UTF_8)));
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /** @param texts YAML by file name */
    static RuleSet of(Map<String, String> texts) {
        return of(texts, new byte[0]);
    }

    /** @param weights file of a classifier; empty for none */
    private static RuleSet of(Map<String, String> texts, byte[] weights) {
        final MessageDigest digest = sha256();
        digest.update(weights);
        final List<Rule> rules = new ArrayList<>();
        final Set<String> marking = new HashSet<>();
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
                if (loaded.entry().marksOnly()) {
                    marking.add(loaded.rule().id());
                }
            }
        });
        return new RuleSet(HexFormat.of().formatHex(digest.digest(), 0, 8), rules, marking, read(weights));
    }

    private static @Nullable Classifier read(byte[] weights) {
        if (weights.length == 0) {
            return null;
        }
        try {
            return Classifier.read(new ByteArrayInputStream(weights));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] classifier() {
        return resource(CLASSIFIER);
    }

    /** YAML of the packs in the jar, by name. */
    static Map<String, String> shippedTexts() {
        final Map<String, String> texts = new TreeMap<>();
        for (String name : SHIPPED) {
            texts.put("rules/" + name, new String(resource(name), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static byte[] resource(String name) {
        try (InputStream file = RuleSets.class.getResourceAsStream("/rules/" + name)) {
            if (file == null) {
                throw new IllegalStateException("resource /rules/" + name + " is missing from the jar");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
