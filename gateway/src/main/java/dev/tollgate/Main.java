package dev.tollgate;

import dev.tollgate.cli.TollgateCommand;

/** Starts the command line. */
public final class Main {
    private Main() {}

    /** Runs the command named by {@code arguments} and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(TollgateCommand.execute(new Serving(), arguments));
    }
}
