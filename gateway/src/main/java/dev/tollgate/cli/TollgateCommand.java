package dev.tollgate.cli;

import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code tollgate} command itself: the list of its subcommands, and usage when none is named. */
@Command(
        name = "tollgate",
        description = "LLM governance gateway: every agent's call identified, capped, scanned and on the record.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the command ran and found or hit a fault", "2:wrong arguments"},
        subcommands = {
            AuditCommand.class,
            KeysCommand.class,
            TokensCommand.class,
            SessionsCommand.class,
            ApprovalsCommand.class,
            GrantsCommand.class,
            ReportCommand.class,
            PricesCommand.class,
            BudgetCommand.class,
            LedgerCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class TollgateCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * Parses {@code arguments}, runs the command they name and returns its exit code.
     *
     * @param node what the commands need of a node
     */
    public static int execute(Node node, String... arguments) {
        return commandLine(node, InstantSource.system()).execute(arguments);
    }

    /**
     * The command line with all its commands.
     *
     * @param clock the time, for what depends on the age of something
     */
    public static CommandLine commandLine(Node node, InstantSource clock) {
        return new CommandLine(new TollgateCommand())
                .addSubcommand(new ServeCommand(node))
                .addSubcommand(new CheckCommand(node, clock))
                .addSubcommand(new ReplayCommand(node))
                .addSubcommand(new EvalCommand(node, clock))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
