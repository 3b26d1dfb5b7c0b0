package dev.tollgate.cli;

import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Verifier;
import dev.tollgate.audit.evidence.EvidenceCheck;
import dev.tollgate.audit.evidence.EvidenceExport;
import dev.tollgate.audit.evidence.EvidencePack;
import dev.tollgate.policy.PolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes the evidence of one call out of the journal. */
@Command(
        name = "export",
        description =
                "Writes the evidence of one call into a file that `tollgate audit verify --export` checks without the log.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:written", "1:there is no such call, or the journal cannot be read", "2:wrong arguments"})
final class AuditExportCommand implements Callable<Integer> {
    @Option(names = "--exchange", paramLabel = "ID", required = true, description = "The call.")
    private String exchange = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "Where to. An existing file is not overwritten.")
    private Path output = Path.of("");

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            description = "The journal's own folder. Without it, the one in the data folder of the settings.")
    private @Nullable Path journal;

    @Mixin
    private PolicyOptions policies = new PolicyOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PolicyException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            if (Files.exists(output)) {
                throw new IOException(output + " exists already");
            }
            Path own = policies.loader().load().bundle().server().dataFolder();
            EvidencePack pack = pack(journal == null ? own.resolve(Journal.FOLDER) : journal, err);
            EvidenceCheck.Report report = EvidenceCheck.check(pack, Trust.NONE);
            if (!report.flaws().isEmpty()) {
                throw new IOException("the journal is not sound, verify it: "
                        + report.flaws().getFirst().message());
            }
            record(own);
            Files.write(output, pack.write());
            spec.commandLine().getOut().println(pack.records().size() + " records of " + exchange + " in " + output);
            return 0;
        } catch (IOException failure) {
            err.println(failure.getMessage());
            return 1;
        }
    }

    private EvidencePack pack(Path folder, PrintWriter err) throws IOException {
        try (ProgressBar bar = new ProgressBar(err, Verifier.bytes(folder))) {
            return EvidenceExport.of(Verifier.source(folder, bar::at), exchange);
        }
    }

    /** An export of the node's own journal is on its log; one of a copy elsewhere has no log to be on. */
    private void record(Path own) throws PolicyException, IOException {
        if (journal != null && !Files.isDirectory(own)) {
            return;
        }
        try (LocalStores stores = LocalStores.open(policies.loader())) {
            stores.record(
                    "audit_exported",
                    exchange,
                    Map.of("file", output.getFileName().toString()));
        }
    }
}
