package dev.tollgate.cli;

import dev.tollgate.audit.Journal;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.policy.PolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
        subcommands = {AuditCommand.Verify.class, AuditKeyCommand.class})
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
                    "Verifies the journal offline and names the first bad record. A running gateway is not disturbed.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:every record is as it was written",
                "1:a record is bad, or the journal cannot be read",
                "2:wrong arguments"
            })
    static final class Verify implements Callable<Integer> {
        @Option(
                names = "--journal",
                paramLabel = "DIR",
                description = "The journal's own folder. Without it, the one in the data folder of the settings.")
        private @Nullable Path journal;

        @Mixin
        private TrustOptions trust = new TrustOptions();

        @Mixin
        private PolicyOptions policies = new PolicyOptions();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws PolicyException {
            PrintWriter out = spec.commandLine().getOut();
            Path folder = journal == null
                    ? policies.loader().load().bundle().server().dataFolder().resolve(Journal.FOLDER)
                    : journal;
            try {
                return VerificationText.print(verified(folder), "the journal", out) ? 0 : 1;
            } catch (IOException unreadable) {
                spec.commandLine().getErr().println("the journal cannot be read: " + unreadable);
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
