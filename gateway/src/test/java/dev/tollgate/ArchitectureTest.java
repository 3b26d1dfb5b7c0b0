package dev.tollgate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CheckReturnValue;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Keeps the walls of DESIGN §1. A rule about a package that does not exist yet holds. */
final class ArchitectureTest {
    /** Top to bottom; a package imports only packages on lines below its own, and packages on one line are strangers. */
    private static final List<List<String>> HOUSE = List.of(
            List.of("dev.tollgate"),
            List.of("dev.tollgate.cli.."),
            List.of("dev.tollgate.http..", "dev.tollgate.console..", "dev.tollgate.store.."),
            List.of("dev.tollgate.stage.."),
            List.of("dev.tollgate.provider.."),
            List.of("dev.tollgate.audit.."),
            List.of("dev.tollgate.pipeline.."),
            List.of(
                    "dev.tollgate.identity..",
                    "dev.tollgate.routing..",
                    "dev.tollgate.budget..",
                    "dev.tollgate.detect..",
                    "dev.tollgate.approval.."),
            List.of("dev.tollgate.wire.."),
            List.of("dev.tollgate.exchange.."),
            List.of("dev.tollgate.policy.."),
            List.of("dev.tollgate.value.."));

    private static final String[] DOMAINS = HOUSE.get(7).toArray(String[]::new);

    /** Packages whose code runs on an event loop. */
    private static final String[] REQUEST_CODE = {
        "dev.tollgate.http..",
        "dev.tollgate.console..",
        "dev.tollgate.stage..",
        "dev.tollgate.provider..",
        "dev.tollgate.pipeline..",
        "dev.tollgate.identity..",
        "dev.tollgate.routing..",
        "dev.tollgate.budget..",
        "dev.tollgate.detect..",
        "dev.tollgate.approval..",
        "dev.tollgate.wire..",
        "dev.tollgate.exchange..",
        "dev.tollgate.value.."
    };

    /** Calls that make their thread wait, for another thread or for a disk. */
    private static final List<Calls> BLOCKING = List.of(
            new Calls(Object.class, "wait"),
            new Calls(Thread.class, "sleep|join"),
            new Calls(Future.class, "get|join"),
            new Calls(io.vertx.core.Future.class, "await"),
            new Calls(ExecutorService.class, "invokeAll|invokeAny|awaitTermination|close"),
            new Calls(BlockingQueue.class, "take|put"),
            new Calls(CountDownLatch.class, "await"),
            new Calls(CyclicBarrier.class, "await"),
            new Calls(Condition.class, "await.*"),
            new Calls(Semaphore.class, "acquire.*"),
            new Calls(InetAddress.class, "getByName|getAllByName|getLocalHost"),
            new Calls(Files.class, ".*"),
            new Calls(FileChannel.class, ".*"),
            new Calls(RandomAccessFile.class, ".*"),
            new Calls(FileInputStream.class, ".*"),
            new Calls(FileOutputStream.class, ".*"),
            new Calls(FileReader.class, ".*"),
            new Calls(FileWriter.class, ".*"));

    private static final JavaClasses HOUSE_CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tollgate");

    @Test
    void imports_always_pointDownwards() {
        List<String> closed = new ArrayList<>();
        for (List<String> line : HOUSE) {
            closed.addAll(line);
            for (String wing : line) {
                String[] others =
                        closed.stream().filter(other -> !other.equals(wing)).toArray(String[]::new);
                if (others.length > 0) {
                    check(noClasses()
                            .that()
                            .resideInAPackage(wing)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(others)
                            .because(
                                    "imports point down the list of DESIGN §1 and packages on one line are strangers"));
                }
            }
        }
    }

    @Test
    void everyPackage_always_hasItsPlaceInTheHouse() {
        String[] places = HOUSE.stream().flatMap(List::stream).toArray(String[]::new);
        check(classes().should().resideInAnyPackage(places).because("DESIGN §1 lists all packages"));
    }

    @Test
    void packages_always_formNoCycle() {
        check(slices().matching("dev.tollgate.(**)").should().beFreeOfCycles());
    }

    @Test
    void drivers_always_liveInStoreOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.tollgate.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.lettuce..",
                        "com.mongodb..",
                        "org.bson..",
                        "org.sqlite..",
                        "java.sql..",
                        "javax.sql..",
                        "reactor..")
                .because("a store is exchangeable as long as nothing else knows its driver"));
    }

    @Test
    void domains_always_knowNoHttp() {
        check(noClasses()
                .that()
                .resideInAnyPackage(DOMAINS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.core.http..", "io.netty..", "java.net.http.."));
    }

    @Test
    void requestCode_always_neverBlocks() {
        check(noClasses()
                .that()
                .resideInAnyPackage(REQUEST_CODE)
                .should()
                .callCodeUnitWhere(callTo(BLOCKING))
                .because("nothing blocks the event loop"));
    }

    @Test
    void redis_always_isAsynchronous() {
        check(noClasses()
                .should()
                .callCodeUnitWhere(callTo(StatefulRedisConnection.class, "sync"))
                .orShould()
                .callCodeUnitWhere(callTo(StatefulRedisClusterConnection.class, "sync"))
                .because("Lettuce's sync() blocks its caller"));
    }

    @Test
    void vertxJson_always_staysOut() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.core.json..")
                .because("it takes comments and duplicate keys, a way around the scanner"));
    }

    @Test
    void process_always_endsInMainOnly() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.tollgate.Main")
                .should()
                .callCodeUnitWhere(callTo(System.class, "exit"))
                .orShould()
                .callCodeUnitWhere(callTo(Runtime.class, "exit|halt")));
    }

    @Test
    void standardStreams_always_belongToTheCommandLine() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.tollgate", "dev.tollgate.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err"));
    }

    @Test
    void cleared_always_isMadeByThePipelineOnly() {
        check(constructors()
                .that()
                .areDeclaredIn("dev.tollgate.pipeline.Cleared")
                .should()
                .bePackagePrivate()
                .orShould()
                .bePrivate()
                .because("a code path around the stages must not compile"));
    }

    @Test
    void everyPackage_always_hasAContract() {
        List<String> unsigned = HOUSE_CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(house -> house.tryGetPackageInfo()
                        .filter(contract -> contract.isAnnotatedWith(NullMarked.class)
                                && contract.isAnnotatedWith(CheckReturnValue.class))
                        .isEmpty())
                .map(JavaPackage::getName)
                .sorted()
                .toList();

        assertThat(unsigned)
                .as("packages without a package-info that says @NullMarked and @CheckReturnValue")
                .isEmpty();
    }

    private static DescribedPredicate<JavaCall<?>> callTo(List<Calls> forbidden) {
        return DescribedPredicate.describe(
                "it is one of " + forbidden, call -> forbidden.stream().anyMatch(calls -> calls.contains(call)));
    }

    private static DescribedPredicate<JavaCall<?>> callTo(Class<?> owner, String names) {
        return callTo(List.of(new Calls(owner, names)));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(HOUSE_CLASSES);
    }

    /**
     * Calls to methods of one type and of those below it.
     *
     * @param names regular expression over method names
     */
    private record Calls(Class<?> owner, String names) {
        boolean contains(JavaCall<?> call) {
            return call.getTarget().getName().matches(names)
                    && call.getTarget().getOwner().isAssignableTo(owner);
        }
    }
}
