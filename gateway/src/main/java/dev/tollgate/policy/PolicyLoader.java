package dev.tollgate.policy;

import dev.tollgate.policy.BundleFiles.SourceFile;
import dev.tollgate.policy.YamlNode.Mapping;
import dev.tollgate.policy.YamlNode.Mark;
import dev.tollgate.policy.YamlNode.Member;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads a bundle: the files of a folder (or the default bundle), the built-in catalog of providers under them, overrides over them, bound to
 * {@link Bundle}.
 *
 * <p>A section stands in one file, whole; {@code providers} and {@code models} may be spread over several. An entry under {@code providers}
 * whose id the catalog knows replaces, key by key, what the catalog says of it; every key that it does not name stays. Reads files, so not
 * for event loops. Safe on any thread.
 */
public final class PolicyLoader {
    private static final Set<String> SPREAD = Set.of("providers", "models");
    private static final int VERSION_DIGITS = 16;

    private final @Nullable Path folder;
    private final List<String> overrides;
    private final Environment environment;
    private final References references;

    /**
     * @param folder the bundle's folder; null for the default bundle
     * @param overrides {@code path=value}, applied in order
     * @param environment what {@code ${NAME}} stands for
     */
    public PolicyLoader(@Nullable Path folder, List<String> overrides, Environment environment) {
        this.folder = folder;
        this.overrides = List.copyOf(overrides);
        this.environment = environment;
        this.references = new References(environment);
    }

    /** The bundle's folder; null for the default bundle. */
    public @Nullable Path folder() {
        return folder;
    }

    /** The texts of the bundle's own files by their names, sorted; what cannot be read is left out. */
    public Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        for (SourceFile file : BundleFiles.read(folder, new ArrayList<>())) {
            texts.put(String.valueOf(Path.of(file.name()).getFileName()), file.text());
        }
        return texts;
    }

    /**
     * A loader of another folder, under the same overrides.
     *
     * @param seen stands before the environment
     */
    public PolicyLoader over(Path other, UnaryOperator<Environment> seen) {
        return new PolicyLoader(other, overrides, seen.apply(environment));
    }

    /**
     * Reads everything anew.
     *
     * @throws PolicyException telling all that is wrong
     */
    public LoadedBundle load() throws PolicyException {
        List<PolicyError> errors = new ArrayList<>();
        SourceFile catalog = BundleFiles.builtIn(BundleFiles.CATALOG);
        List<SourceFile> files = BundleFiles.read(folder, errors);
        Map<String, Member> sections = new LinkedHashMap<>();
        files.forEach(file -> collect(file, sections, errors));
        Mapping own = new Mapping(sections, new Mark(folder == null ? "built-in policies" : folder.toString(), 0));
        Mapping root = Overrides.apply(overCatalog(own, catalog, errors), overrides, errors);
        Bundle bundle =
                new Binder(errors, references, path -> path.startsWith("providers.")).bind(Bundle.class, root, "");
        if (bundle == null || !errors.isEmpty()) {
            throw new PolicyException(
                    errors.stream().sorted(PolicyError.BY_PLACE).toList());
        }
        return new LoadedBundle(bundle, version(catalog, files), root);
    }

    private static void collect(SourceFile file, Map<String, Member> sections, List<PolicyError> errors) {
        YamlNode document = YamlReader.readFile(file.name(), file.text(), errors);
        if (document == null || document.isNull()) {
            return;
        }
        if (!(document instanceof Mapping mapping)) {
            errors.add(new PolicyError(
                    file.name(), document.mark().line(), "", "expected sections such as server: or budget:"));
            return;
        }
        mapping.members().forEach((name, said) -> {
            Member before = sections.get(name);
            if (before == null || before.value().isNull()) {
                sections.put(name, said);
            } else if (!SPREAD.contains(name)) {
                errors.add(new PolicyError(
                        file.name(), said.key().line(), name, "stands here a second time, first at " + before.key()));
            } else if (before.value() instanceof Mapping first && said.value() instanceof Mapping second) {
                sections.put(name, new Member(before.key(), joined(name, first, second, errors)));
            } else if (!said.value().isNull()) {
                errors.add(new PolicyError(file.name(), said.key().line(), name, "expected keys and values"));
            }
        });
    }

    private static Mapping joined(String path, Mapping first, Mapping second, List<PolicyError> errors) {
        Map<String, Member> members = new LinkedHashMap<>(first.members());
        second.members().forEach((key, said) -> {
            Member before = members.putIfAbsent(key, said);
            if (before != null) {
                errors.add(new PolicyError(
                        said.key().source(),
                        said.key().line(),
                        YamlPath.join(path, key),
                        "stands here a second time, first at " + before.key()));
            }
        });
        return new Mapping(members, first.mark());
    }

    private static Mapping overCatalog(Mapping own, SourceFile catalog, List<PolicyError> errors) {
        if (!(YamlReader.readFile(catalog.name(), catalog.text(), errors) instanceof Mapping known)
                || !(known.get("providers") instanceof Mapping base)) {
            throw new IllegalStateException(catalog.name() + " has no providers");
        }
        YamlNode said = own.get("providers");
        if (said != null && !(said instanceof Mapping)) {
            return own;
        }
        Map<String, Member> merged = new LinkedHashMap<>(base.members());
        if (said instanceof Mapping overlay) {
            overlay.members().forEach((id, entry) -> merged.merge(id, entry, PolicyLoader::overlaid));
        }
        return own.with("providers", new Member(base.mark(), new Mapping(merged, base.mark())));
    }

    private static Member overlaid(Member catalog, Member own) {
        if (!(catalog.value() instanceof Mapping base) || !(own.value() instanceof Mapping overlay)) {
            return own.value().isNull() ? catalog : own;
        }
        Map<String, Member> merged = new LinkedHashMap<>(base.members());
        merged.putAll(overlay.members());
        return new Member(own.key(), new Mapping(merged, overlay.mark()));
    }

    private String version(SourceFile catalog, List<SourceFile> files) throws PolicyException {
        MessageDigest digest = sha256();
        add(digest, catalog);
        files.forEach(file -> add(digest, file));
        RuleFiles.of(folder).forEach((name, text) -> add(digest, new SourceFile(name, text)));
        String prices = PriceListFile.of(folder);
        if (prices != null) {
            add(digest, new SourceFile("prices.yaml", prices));
        }
        overrides.forEach(override -> add(digest, new SourceFile("--set", override)));
        return HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_DIGITS);
    }

    private static void add(MessageDigest digest, SourceFile file) {
        // File names count without their folder: the same bundle is the same version wherever it lies.
        String name = file.name()
                .substring(Math.max(file.name().lastIndexOf('/'), file.name().lastIndexOf('\\')) + 1);
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(file.text().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
