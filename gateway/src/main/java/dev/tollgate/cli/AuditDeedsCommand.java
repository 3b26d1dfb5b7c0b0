package dev.tollgate.cli;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.Verifier;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.store.mongo.MongoConnection;
import dev.tollgate.store.mongo.MongoLogs;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists what people and gateways did that is not a call. */
@Command(
        name = "deeds",
        description =
                "Lists what people and the gateway itself did, in the order of the log: sign-ins, keys, decisions on held calls, policies with what"
                        + " they changed, reveals, searches, exports, erasures. Does not verify it: see verify. A running gateway is not disturbed.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the log cannot be read", "2:wrong arguments"})
final class AuditDeedsCommand implements Callable<Integer> {
    private static final int MAX_LAST = 100_000;
    /** Details longer than this stand on lines of their own. */
    private static final int MAX_LINE = 100;

    @Mixin
    private LogOptions log = new LogOptions();

    @Mixin
    private PolicyOptions policies = new PolicyOptions();

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "The last so many of each node.",
            defaultValue = "1000",
            showDefaultValue = Help.Visibility.ALWAYS)
    private int last = 1000;

    @Option(
            names = "--action",
            paramLabel = "TEXT",
            description = "Those whose action contains this, such as key or policy_loaded.")
    private String action = "";

    @Option(names = "--by", paramLabel = "TEXT", description = "Those of people whose names contain this.")
    private String by = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PolicyException {
        if (last < 1 || last > MAX_LAST) {
            throw new ParameterException(spec.commandLine(), "--last is " + last + ", allowed are 1 to " + MAX_LAST);
        }
        PrintWriter out = Terminal.guarded(spec.commandLine().getOut());
        try {
            if (!log.isInMongo()) {
                print(Verifier.source(log.journal(policies), bytes -> {}), out);
                return 0;
            }
            try (MongoConnection connection = log.connect()) {
                MongoLogs logs = new MongoLogs(connection);
                for (String node : logs.nodes()) {
                    out.println("node " + node);
                    print(logs.of(node), out);
                }
            }
            return 0;
        } catch (IOException unreadable) {
            spec.commandLine().getErr().println("the log cannot be read: " + unreadable.getMessage());
            return 1;
        }
    }

    private void print(LogSource source, PrintWriter out) throws IOException {
        Deque<String> lines = new ArrayDeque<>();
        source.each(entry -> {
            if (entry.type().equals("administrative")
                    && entry.record() instanceof Administrative said
                    && said.action().contains(action)
                    && said.actor().contains(by)) {
                lines.add(text(entry, said));
                if (lines.size() > last) {
                    lines.remove();
                }
            }
            return true;
        });
        lines.forEach(out::println);
        out.flush();
    }

    private static String text(JournalEntry entry, Administrative said) {
        String chain = entry.chain();
        StringBuilder text = new StringBuilder(said.at().toString())
                .append("  ")
                .append(chain, chain.indexOf('.') + 1, chain.lastIndexOf('.'))
                .append('/')
                .append(entry.sequence())
                .append("  ")
                .append(said.actor())
                .append("  ")
                .append(said.action());
        if (!said.subject().isEmpty()) {
            text.append("  ").append(said.subject());
        }
        for (Map.Entry<String, String> detail : new TreeMap<>(said.details()).entrySet()) {
            if (detail.getValue().isEmpty()) {
                continue;
            }
            boolean isLong = detail.getKey().length() + detail.getValue().length() > MAX_LINE
                    || detail.getKey().startsWith("change_");
            text.append(isLong ? "\n    " : "  ")
                    .append(detail.getKey())
                    .append('=')
                    .append(detail.getValue());
        }
        return printable(text);
    }

    /** What somebody else wrote must not move the cursor of whoever reads it. */
    private static String printable(StringBuilder text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) && text.charAt(i) != '\n') {
                text.setCharAt(i, '\ufffd');
            }
        }
        return text.toString();
    }
}
