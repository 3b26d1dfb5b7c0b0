package dev.tollgate.cli;

import dev.tollgate.cli.eval.EvalReport;
import dev.tollgate.cli.eval.Evaluation;
import dev.tollgate.cli.eval.Requirement;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.PolicySource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures the rules in force on labelled texts. */
@Command(
        name = "eval",
        description = {
            "Runs the rules in force over labelled texts and tells what they find, miss and flag wrongly.",
            "A corpus is a file of one JSON object per line (.jsonl, .jsonl.gz), or a folder of such files;"
                    + " gateway/docs/inspection.md describes the fields."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured, and every requirement holds",
            "1:a requirement does not hold, or something cannot be read",
            "2:wrong arguments"
        })
final class EvalCommand implements Callable<Integer> {
    /** How a report is written. */
    enum Format {
        /** For people. */
        TABLE,
        /** One document. */
        JSON
    }

    @Parameters(arity = "1..*", paramLabel = "CORPUS", description = "Files or folders.")
    private List<Path> corpora = new ArrayList<>();

    @Option(
            names = "--format",
            defaultValue = "TABLE",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    @Option(names = "--brief", description = "Leave single types out of the table.")
    private boolean brief;

    @Option(
            names = "--require",
            paramLabel = "GROUP.METRIC>=X",
            description =
                    "What must be reached, such as secret.kind.secret.recall>=0.85 or benign.secret.share<=0.002. May be repeated.")
    private List<String> required = new ArrayList<>();

    @Option(
            names = "--misjudged",
            paramLabel = "GROUP",
            description =
                    "Print id and text of each row of this group that is missed, or wrongly flagged, and what of it weighs most.")
    private String shown = "";

    @Mixin
    private PolicyOptions policies = new PolicyOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Node node;
    private final InstantSource clock;

    EvalCommand(Node node, InstantSource clock) {
        this.node = node;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        final PrintWriter err = spec.commandLine().getErr();
        final List<Requirement> requirements = requirements();
        final EvalReport report;
        try {
            final PolicyLoader loader = policies.loader();
            final PolicySnapshot snapshot = PolicySource.snapshot(loader, node.compilers(loader), clock);
            report = Evaluation.run(corpora, snapshot.view(RuleSet.class), snapshot.bundle(), this::show);
        } catch (PolicyException | IOException refused) {
            err.println(refused.getMessage());
            return 1;
        }
        if (format == Format.JSON) {
            out.println(report.toJson().toPrettyString());
        } else {
            report.print(out, !brief);
        }
        final List<String> missing = requirements.stream()
                .map(requirement -> requirement.missingIn(report.measures()))
                .flatMap(Optional::stream)
                .toList();
        missing.forEach(err::println);
        return missing.isEmpty() ? 0 : 1;
    }

    private List<Requirement> requirements() {
        try {
            return required.stream().map(Requirement::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void show(String group, String id, String text, List<String> reasons) {
        if (group.equals(shown)) {
            final String why = reasons.isEmpty() ? "" : "  (classifier: " + String.join(" | ", reasons) + ")";
            spec.commandLine().getErr().println(oneLine(id + " " + text + why));
        }
    }

    private static String oneLine(String text) {
        return text.replace("\n", "\\n");
    }
}
