package dev.tollgate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyWatcherTest {
    @TempDir
    Path folder;

    private final AtomicInteger loads = new AtomicInteger();

    @Test
    void change_isLoaded_onceItHasStoodStill() throws Exception {
        PolicyWatcher watcher = watcher("detect: {threshold: 0.5}\n");

        watcher.checkOnce();
        write("detect: {threshold: 0.61}\n");
        watcher.checkOnce();
        int whileMoving = loads.get();
        watcher.checkOnce();
        watcher.checkOnce();

        assertThat(whileMoving).isZero();
        assertThat(loads).hasValue(1);
    }

    @Test
    void atomicRename_ofTheSameSize_isNoticed() throws Exception {
        PolicyWatcher watcher = watcher("detect: {threshold: 0.5}\n");

        Files.writeString(folder.resolve("policy.yaml~"), "detect: {threshold: 0.6}\n");
        Files.move(folder.resolve("policy.yaml~"), folder.resolve("policy.yaml"), StandardCopyOption.ATOMIC_MOVE);
        look(watcher);

        assertThat(loads).hasValue(1);
    }

    @Test
    void linkSwappedElsewhere_isNoticed_asKubernetesDoesIt() throws Exception {
        Path first = Files.createDirectories(folder.resolve("..2026_1"));
        Path second = Files.createDirectories(folder.resolve("..2026_2"));
        Files.writeString(first.resolve("policy.yaml"), "detect: {threshold: 0.5}\n");
        Files.writeString(second.resolve("policy.yaml"), "detect: {threshold: 0.6}\n");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_1"));
        Files.createSymbolicLink(folder.resolve("policy.yaml"), Path.of("..data/policy.yaml"));
        PolicyWatcher watcher = watcher();

        Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2026_2"));
        Files.move(folder.resolve("..data_tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        look(watcher);

        assertThat(loads).hasValue(1);
    }

    @Test
    void filesThatComeAndGo_rulesAndCredentials_areNoticed() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "one");
        PolicyWatcher watcher = watcher("providers: {openai: {credential: 'file:" + secret + "'}}\n");

        Files.writeString(folder.resolve("more.yaml"), "scan: {mode: observe}\n");
        look(watcher);
        Files.delete(folder.resolve("more.yaml"));
        look(watcher);
        Files.createDirectories(folder.resolve("rules"));
        Files.writeString(folder.resolve("rules/own.yaml"), "# mine\n");
        look(watcher);
        Files.writeString(secret, "two and more");
        look(watcher);

        assertThat(loads).hasValue(4);
    }

    @Test
    void brokenBundle_isTriedOnce_andTheNextChangeAgain() throws Exception {
        PolicyWatcher watcher = watcher("detect: {threshold: 0.5}\n");

        write("detect: {threshold: high}\n");
        look(watcher);
        look(watcher);
        int whileBroken = loads.get();
        write("detect: {threshold: 0.75}\n");
        look(watcher);

        assertThat(whileBroken).isEqualTo(1);
        assertThat(loads).hasValue(2);
    }

    @Test
    void started_itLooksByItself() throws Exception {
        write("detect: {threshold: 0.5}\n");
        PolicySource source = source();
        CountDownLatch loaded = new CountDownLatch(1);
        source.listen(listener(loaded::countDown));

        try (PolicyWatcher watcher = new PolicyWatcher(source, folder)) {
            watcher.start(Duration.ofMillis(5));
            write("detect: {threshold: 0.625}\n");

            assertThat(loaded.await(20, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(source.current().bundle().detect().threshold()).isEqualTo(0.625);
    }

    private static void look(PolicyWatcher watcher) {
        watcher.checkOnce();
        watcher.checkOnce();
    }

    private PolicyWatcher watcher(String text) throws Exception {
        write(text);
        return watcher();
    }

    private PolicyWatcher watcher() throws PolicyException {
        PolicySource source = source();
        source.listen(listener(loads::incrementAndGet));
        return new PolicyWatcher(source, folder);
    }

    private PolicySource source() throws PolicyException {
        return PolicySource.start(new PolicyLoader(folder, List.of(), name -> null), List.of(), InstantSource.system());
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("policy.yaml"), text);
    }

    private static PolicyListener listener(Runnable told) {
        return new PolicyListener() {
            @Override
            public void onLoad(PolicySnapshot snapshot) {
                told.run();
            }

            @Override
            public void onFailure(Failure failure) {
                told.run();
            }
        };
    }
}
