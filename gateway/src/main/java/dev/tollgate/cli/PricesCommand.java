package dev.tollgate.cli;

import dev.tollgate.budget.PriceList;
import dev.tollgate.budget.PriceUpdate;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PriceListFile;
import dev.tollgate.value.ModelId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What models cost by the policies. */
@Command(
        name = "prices",
        description = "Shows what models cost, and brings the price list up to date.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PricesCommand.Show.class, PricesCommand.Update.class})
final class PricesCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** A command that reads the bundle. */
    abstract static class BundleCommand implements Callable<Integer> {
        @Mixin
        private PolicyOptions policies = new PolicyOptions();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public final Integer call() throws PolicyException {
            PrintWriter err = spec.commandLine().getErr();
            try {
                return run(policies.loader(), spec.commandLine().getOut(), err);
            } catch (IOException | IllegalArgumentException failure) {
                err.println(failure.getMessage());
                return 1;
            }
        }

        abstract int run(PolicyLoader loader, PrintWriter out, PrintWriter err) throws IOException, PolicyException;
    }

    /** Shows the price of a model. */
    @Command(
            name = "show",
            description = "Shows what a model costs today by the policies, own prices and discounts included.",
            mixinStandardHelpOptions = true)
    static final class Show extends BundleCommand {
        @Parameters(paramLabel = "PROVIDER/MODEL", description = "Such as openai/gpt-5.")
        private String model = "";

        @Override
        int run(PolicyLoader loader, PrintWriter out, PrintWriter err) throws PolicyException {
            int slash = model.indexOf('/');
            if (slash < 1 || slash == model.length() - 1) {
                throw new IllegalArgumentException("name a model with its provider, such as openai/gpt-5");
            }
            PriceList list =
                    PriceList.compiler(loader.folder()).compile(loader.load().bundle());
            ModelId id = new ModelId(model.substring(0, slash), model.substring(slash + 1));
            List<String> lines = list.describe(id, LocalDate.now(ZoneOffset.UTC));
            if (lines.isEmpty()) {
                err.println("nobody knows what " + model + " costs: the list is of " + list.date()
                        + "; give it a price under prices.models");
                return 1;
            }
            lines.forEach(out::println);
            return 0;
        }
    }

    /** Replaces the price list of a bundle. */
    @Command(
            name = "update",
            description = {
                "Puts the prices of a file into the policy bundle (catalog/prices.yaml), and shows what changes.",
                "The file is a price list of Tollgate's own form, LiteLLM's model_prices_and_context_window.json or"
                        + " genai-prices' data.json, also gzipped. Providers that it does not name keep their prices."
            },
            mixinStandardHelpOptions = true)
    static final class Update extends BundleCommand {
        @Parameters(paramLabel = "FILE", description = "The prices.")
        private Path file = Path.of("");

        @Option(names = "--dry-run", description = "Only shows what would change.")
        private boolean isDry;

        @Override
        int run(PolicyLoader loader, PrintWriter out, PrintWriter err) throws IOException, PolicyException {
            Path folder = loader.folder();
            if (folder == null && !isDry) {
                throw new IllegalArgumentException(
                        "name your policy bundle with --policies DIR: the prices become a part of"
                                + " it, as DIR/catalog/prices.yaml, and count from its next load on");
            }
            String present = PriceListFile.of(folder);
            byte[] before = present == null ? PriceList.builtInText() : present.getBytes(StandardCharsets.UTF_8);
            PriceUpdate update = PriceUpdate.of(file.toString(), content(), before, LocalDate.now(ZoneOffset.UTC));
            update.changes()
                    .forEach(change -> out.printf(
                            "%-8s %s: %s%n",
                            change.kind().name().toLowerCase(Locale.ROOT), change.model(), change.detail()));
            out.println(summary(update));
            if (folder != null && !isDry) {
                write(PriceListFile.in(folder), update.text());
                out.println("written: " + PriceListFile.in(folder));
            }
            return 0;
        }

        private static String summary(PriceUpdate update) {
            return Arrays.stream(PriceUpdate.Kind.values())
                    .map(kind -> update.changes().stream()
                                    .filter(change -> change.kind() == kind)
                                    .count() + " "
                            + kind.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
        }

        private byte[] content() throws IOException {
            byte[] content = Files.readAllBytes(file);
            boolean isZipped = content.length > 2 && content[0] == 0x1f && content[1] == (byte) 0x8b;
            if (!isZipped) {
                return content;
            }
            try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(content))) {
                return plain.readNBytes(PriceListFile.MAX_BYTES);
            }
        }

        /** As one step, so that a gateway that looks on never reads half a list. */
        private static void write(Path target, String text) throws IOException {
            Path folder = Files.createDirectories(target.toAbsolutePath().getParent());
            Path fresh = Files.createTempFile(folder, ".prices", ".tmp");
            try {
                Files.writeString(fresh, text);
                Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
    }
}
