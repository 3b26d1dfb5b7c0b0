package dev.tollgate.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads anew when the files of a bundle have changed: its YAML, its rule packs, its prices, and the files that credentials stand in. Looks at names, sizes and
 * times from a thread of its own, because notifications miss what Kubernetes does (a link swapped two folders away) and what some mounts do. A
 * change counts once it has stood still from one look to the next, so that a file is not read half-written.
 */
public final class PolicyWatcher implements AutoCloseable {
    /** Time between two looks. */
    public static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PolicyWatcher.class);
    private static final String FILE = "file:";

    private final PolicySource source;
    private final Path folder;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "policy-watcher");
        thread.setDaemon(true);
        return thread;
    });
    private List<String> loaded;
    private List<String> seen;

    /** @param folder the bundle's folder */
    public PolicyWatcher(PolicySource source, Path folder) {
        this.source = source;
        this.folder = folder;
        this.loaded = look();
        this.seen = loaded;
    }

    /** Begins to look. What changed since the watcher was made is noticed. */
    public void start(Duration pause) {
        var unused = worker.scheduleWithFixedDelay(this::check, 0, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    // Whatever goes wrong in one look must not end all looking.
    private void check() {
        try {
            checkOnce();
        } catch (RuntimeException fault) {
            LOG.error("the bundle's folder could not be looked at", fault);
        }
    }

    /** Looks once, and loads if what changed has stood still since the look before. */
    void checkOnce() {
        List<String> now = look();
        if (now.equals(seen) && !now.equals(loaded)) {
            loaded = now;
            source.reload();
        }
        seen = now;
    }

    private List<String> look() {
        List<String> marks = new ArrayList<>();
        try {
            for (Path file : BundleFiles.list(folder)) {
                marks.add(mark(file));
            }
            marks.add(mark(PriceListFile.in(folder)));
            Path rules = folder.resolve("rules");
            if (Files.isDirectory(rules)) {
                try (Stream<Path> packs = Files.list(rules)) {
                    packs.sorted().forEach(pack -> marks.add(mark(pack)));
                }
            }
        } catch (IOException unreadable) {
            marks.add("unreadable");
        }
        source.current().bundle().providers().values().stream()
                .map(ProviderEntry::credential)
                .filter(credential -> credential != null && credential.startsWith(FILE) && !credential.contains("${"))
                .distinct()
                .sorted()
                .forEach(credential -> marks.add(mark(Path.of(credential.substring(FILE.length())))));
        return marks;
    }

    private static String mark(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return file + " " + attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey();
        } catch (IOException gone) {
            return file + " gone";
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
