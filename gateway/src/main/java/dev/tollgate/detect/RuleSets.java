package dev.tollgate.detect;

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

/** Puts rule sets together from packs. Takes about a fifth of a second; call it off the event loop. */
public final class RuleSets {
    private static final List<String> SHIPPED = List.of("secrets.yaml", "personal.yaml", "injection.yaml");

    private RuleSets() {}

    /** The packs that come with Tollgate. */
    public static RuleSet shipped() {
        return of(shippedTexts());
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
        return of(all);
    }

    /** @param texts YAML by file name */
    static RuleSet of(Map<String, String> texts) {
        final MessageDigest digest = sha256();
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
        return new RuleSet(HexFormat.of().formatHex(digest.digest(), 0, 8), rules, marking);
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
