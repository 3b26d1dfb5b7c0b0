package dev.tollgate;

import dev.tollgate.console.PolicyDesk;
import dev.tollgate.policy.PolicyChanges;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.policy.ViewCompiler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The policy in force, as the console sees it. */
final class PolicyOffice implements PolicyDesk {
    /** A file beside the others: nothing that leads elsewhere. */
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\\.ya?ml");

    private final Vertx vertx;
    private final PolicySource policies;
    private final PolicyLoader loader;
    private final List<ViewCompiler<?>> compilers;
    private final DraftRehearsal rehearsal;

    /**
     * @param compilers what the domains make of a bundle
     * @param rehearsal judges stored calls by drafts
     */
    PolicyOffice(
            Vertx vertx,
            PolicySource policies,
            PolicyLoader loader,
            List<ViewCompiler<?>> compilers,
            DraftRehearsal rehearsal) {
        this.rehearsal = rehearsal;
        this.vertx = vertx;
        this.policies = policies;
        this.loader = loader;
        this.compilers = List.copyOf(compilers);
    }

    @Override
    public PolicySnapshot current() {
        return policies.current();
    }

    @Override
    public String source() {
        Path folder = loader.folder();
        return folder == null ? "the built-in default" : folder.toString();
    }

    @Override
    public Optional<Failure> lastFailure() {
        return policies.lastFailure()
                .map(failure ->
                        new Failure(failure.at(), String.valueOf(failure.cause().getMessage())));
    }

    @Override
    public Future<PolicySnapshot> reload() {
        return vertx.executeBlocking(() -> {
            if (!policies.reload()) {
                throw new IllegalStateException(
                        lastFailure().map(Failure::message).orElse("the bundle was refused"));
            }
            return policies.current();
        });
    }

    @Override
    public Future<Map<String, String>> files() {
        return vertx.executeBlocking(loader::texts, false);
    }

    @Override
    public Future<Draft> tryOut(String file, String text, boolean rehearsed) {
        return vertx.executeBlocking(() -> tried(file, text, rehearsed), false);
    }

    private Draft tried(String file, String text, boolean rehearsed) throws IOException {
        if (!FILE.matcher(file).matches()) {
            return new Draft(List.of("\"" + file + "\" is no name of a file such as budget.yaml"), List.of(), null);
        }
        Path folder = Files.createTempDirectory("tollgate-draft");
        Map<String, String> files = new TreeMap<>(loader.texts());
        files.put(file, text);
        try {
            for (Map.Entry<String, String> one : files.entrySet()) {
                Files.writeString(folder.resolve(one.getKey()), one.getValue());
            }
            return judged(folder, rehearsed);
        } finally {
            for (String name : files.keySet()) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        }
    }

    private Draft judged(Path folder, boolean rehearsed) throws IOException {
        List<SeenVariables> seen = new ArrayList<>();
        PolicyLoader draft = loader.over(folder, environment -> {
            seen.add(new SeenVariables(environment));
            return seen.getFirst();
        });
        SeenVariables variables = seen.getFirst();
        try {
            PolicySnapshot snapshot = PolicySource.snapshot(draft, compilers, InstantSource.system());
            Rehearsed calls = rehearsed ? rehearsal.run(draft, loader) : null;
            return new Draft(
                    List.of(),
                    PolicyChanges.between(policies.current().bundle(), snapshot.bundle()).stream()
                            .map(variables::named)
                            .toList(),
                    calls == null ? null : calls.with(variables::named));
        } catch (PolicyException refused) {
            String place = folder + folder.getFileSystem().getSeparator();
            return new Draft(
                    refused.errors().stream()
                            .map(error -> variables.named(error.toString().replace(place, "")))
                            .toList(),
                    List.of(),
                    null);
        }
    }
}
