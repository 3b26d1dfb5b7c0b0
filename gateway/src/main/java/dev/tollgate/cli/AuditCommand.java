package dev.tollgate.cli;

import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.audit.evidence.EvidenceCheck;
import dev.tollgate.audit.evidence.EvidencePack;
import dev.tollgate.audit.evidence.PayloadCheck;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.store.mongo.MongoConnection;
import dev.tollgate.store.mongo.MongoLogs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is done with the audit log. */
@Command(
        name = "audit",
        description = "Works on the audit log.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AuditCommand.Verify.class,
            AuditDeedsCommand.class,
            AuditExportCommand.class,
            AuditKeyCommand.class,
            PayloadShowCommand.class,
            PayloadEraseCommand.class
        })
final class AuditCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** Verifies a journal without the gateway. */
    @Command(
            name = "verify",
            description =
                    "Verifies the journal offline and names the first bad record. A running gateway is not disturbed. With --journal and --mongo"
                            + " both, also whether the two are the same, record by record.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:every record is as it was written",
                "1:a record is bad, or the journal cannot be read",
                "2:wrong arguments"
            })
    static final class Verify implements Callable<Integer> {
        @Mixin
        private LogOptions log = new LogOptions();

        @Option(
                names = "--export",
                paramLabel = "FILE",
                description = "An evidence pack that `tollgate audit export` wrote, instead of a journal.")
        private @Nullable Path export;

        @Option(
                names = "--payloads",
                description =
                        "Reads all that is kept of requests and replies besides, in the store that the settings name, and compares it with what"
                                + " the records commit to.")
        private boolean payloads;

        @Mixin
        private TrustOptions trust = new TrustOptions();

        @Mixin
        private PolicyOptions policies = new PolicyOptions();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws PolicyException {
            PrintWriter out = spec.commandLine().getOut();
            if (export != null) {
                return verifyPack(export, out);
            }
            if (log.isInMongo()) {
                return verifyMongo(out);
            }
            Path folder = log.journal(policies);
            try {
                boolean isSound = VerificationText.print(verified(folder), "the journal", out);
                return (!payloads || hasSoundPayloads(folder, out)) && isSound ? 0 : 1;
            } catch (IOException unreadable) {
                spec.commandLine().getErr().println("the journal cannot be read: " + unreadable.getMessage());
                return 1;
            }
        }

        private int verifyMongo(PrintWriter out) throws PolicyException {
            PrintWriter err = spec.commandLine().getErr();
            try (MongoConnection connection = log.connect()) {
                MongoVerification all = new MongoVerification(new MongoLogs(connection), trust.read(), err);
                boolean isSound = all.run(log.named(), out);
                return isSound && (!payloads || hasSoundPayloads(all, out)) ? 0 : 1;
            } catch (IOException | IllegalArgumentException unreadable) {
                err.println("the logs cannot be read: " + unreadable.getMessage());
                return 1;
            }
        }

        private boolean hasSoundPayloads(MongoVerification logs, PrintWriter out) throws PolicyException, IOException {
            try (LocalStores stores = LocalStores.open(policies.loader())) {
                return logs.hasSoundPayloads(new PayloadReader(stores.shelf(), stores.payloadKeys()), out);
            }
        }

        private boolean hasSoundPayloads(Path folder, PrintWriter out) throws PolicyException, IOException {
            try (LocalStores stores = LocalStores.open(policies.loader());
                    ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), Verifier.bytes(folder))) {
                if (stores.settings().store().mongo() != null) {
                    throw new IOException(
                            "the payloads of all nodes lie in one MongoDB, and one journal does not tell what"
                                    + " other nodes kept, erased or dropped: name the database with --mongo");
                }
                PayloadReader reader = new PayloadReader(stores.shelf(), stores.payloadKeys());
                LogSource source = Verifier.source(folder, bar::at);
                return VerificationText.print(PayloadCheck.check(List.of(source), reader, Instant.now()), out);
            }
        }

        private int verifyPack(Path file, PrintWriter out) {
            try {
                EvidencePack pack = EvidencePack.read(Files.readAllBytes(file));
                EvidenceCheck.Report report = EvidenceCheck.check(pack, trust.read());
                out.println(report.records().size() + " records of " + pack.exchange() + " are in the log");
                report.notes().forEach(note -> out.println("note: " + note));
                report.flaws().forEach(flaw -> out.println("BAD: " + flaw.message() + " (" + flaw.fault() + ")"));
                boolean good = report.flaws().isEmpty();
                out.println(good ? "the evidence is sound" : "the evidence is NOT sound");
                return good ? 0 : 1;
            } catch (IOException unreadable) {
                spec.commandLine().getErr().println("the evidence cannot be read: " + unreadable.getMessage());
                return 1;
            }
        }

        private Verification verified(Path folder) throws IOException {
            try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), Verifier.bytes(folder))) {
                return Verifier.verify(folder, trust.read(), bar::at);
            }
        }
    }
}
