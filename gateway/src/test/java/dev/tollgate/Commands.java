package dev.tollgate;

import dev.tollgate.cli.TollgateCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Commands as somebody types them beside a gateway, in this process. */
final class Commands {
    private Commands() {}

    /** What a command said and its exit code. */
    record Said(int code, String out, String err) {}

    /** Runs a command for the node with this data folder and these settings. */
    static Said run(Path data, List<String> settings, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(GatewayProcess.options(data, settings.toArray(String[]::new)));
        return run(all);
    }

    /** Runs a command with these arguments alone. */
    static Said run(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = TollgateCommand.commandLine(new Serving(), InstantSource.system())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }
}
