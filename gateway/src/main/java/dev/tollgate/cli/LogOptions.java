package dev.tollgate.cli;

import dev.tollgate.audit.Journal;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.store.mongo.MongoConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;

/** Which audit log a command reads: a journal, or what nodes have shipped to MongoDB. */
final class LogOptions {
    private static final Duration MONGO_TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            description = "The journal's own folder. Without it, the one in the data folder of the settings.")
    private @Nullable Path journal;

    @Option(
            names = "--mongo",
            paramLabel = "URI",
            description = "The logs of all nodes in this MongoDB instead of a journal.")
    private @Nullable String mongo;

    @Option(
            names = "--mongo-database",
            paramLabel = "NAME",
            description = "Its database.",
            defaultValue = "tollgate",
            showDefaultValue = Help.Visibility.ALWAYS)
    private String database = "tollgate";

    /** The journal that was named; null for none. */
    @Nullable
    Path named() {
        return journal;
    }

    /** The journal that was named, or that of the settings. */
    Path journal(PolicyOptions policies) throws PolicyException {
        return journal == null
                ? policies.loader().load().bundle().server().dataFolder().resolve(Journal.FOLDER)
                : journal;
    }

    boolean isInMongo() {
        return mongo != null;
    }

    /** @throws IOException if there is no connection, or no MongoDB was named */
    MongoConnection connect() throws IOException {
        if (mongo == null) {
            throw new IOException("no MongoDB was named");
        }
        return MongoConnection.open(mongo, database, MONGO_TIMEOUT);
    }
}
