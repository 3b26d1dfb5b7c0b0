package dev.tollgate.cli;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.seal.VerifierKey;
import dev.tollgate.policy.PolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The key that signs the audit log. */
@Command(
        name = "key",
        description = "Shows or changes the key that signs the audit log.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {AuditKeyCommand.Show.class, AuditKeyCommand.Rotate.class})
final class AuditKeyCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** Prints the public key. */
    @Command(
            name = "show",
            description = "Prints the public key for auditors: as name+id+base64 (C2SP signed note), and in PEM.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Mixin
        private PolicyOptions policies = new PolicyOptions();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws PolicyException {
            Path data = policies.loader().load().bundle().server().dataFolder();
            try {
                VerifierKey key = AuditKeys.shown(data);
                PrintWriter out = spec.commandLine().getOut();
                out.println(key);
                out.print(key.pem());
                out.flush();
                return 0;
            } catch (IOException failure) {
                spec.commandLine().getErr().println(failure.getMessage());
                return 1;
            }
        }
    }

    /** Makes a new key. */
    @Command(
            name = "rotate",
            description =
                    "Makes a new key. The gateway takes it up with its next checkpoint, within 10 seconds or when it starts; the old"
                            + " key signs for it on the log and is then gone.",
            mixinStandardHelpOptions = true)
    static final class Rotate implements Callable<Integer> {
        @Mixin
        private PolicyOptions policies = new PolicyOptions();

        @Option(
                names = "--lost",
                description =
                        "The old key is lost or broken and cannot sign for the new one. Auditors must be told of the new key.")
        private boolean isLost;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws PolicyException {
            Path data = policies.loader().load().bundle().server().dataFolder();
            try (LocalStores stores = LocalStores.open(policies.loader())) {
                Optional<Head> head = Journal.headOf(data.resolve(Journal.FOLDER));
                if (head.isEmpty()) {
                    throw new IOException(
                            "there is no journal in " + data + " yet; its key is made when the gateway starts");
                }
                VerifierKey next = stores.recorded(
                        "audit_key_rotation_asked",
                        head.get().node(),
                        Map.of("lost", Boolean.toString(isLost)),
                        () -> AuditKeys.prepareNext(data, head.get().node(), isLost));
                spec.commandLine().getOut().println(next);
                return 0;
            } catch (IOException failure) {
                spec.commandLine().getErr().println(failure.getMessage());
                return 1;
            }
        }
    }
}
