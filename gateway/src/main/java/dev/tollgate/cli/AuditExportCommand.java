package dev.tollgate.cli;

import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Verifier;
import dev.tollgate.audit.evidence.EvidenceCheck;
import dev.tollgate.audit.evidence.EvidenceExport;
import dev.tollgate.audit.evidence.EvidencePack;
import dev.tollgate.audit.evidence.EvidencePack.Content;
import dev.tollgate.audit.payload.Answer;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.audit.payload.StoredPayload;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.store.mongo.MongoConnection;
import dev.tollgate.store.mongo.MongoLogs;
import dev.tollgate.value.ExchangeId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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

    @Mixin
    private LogOptions log = new LogOptions();

    @Option(
            names = "--payloads",
            description = "Puts in what is kept of the request and the reply as well. That is recorded.")
    private boolean payloads;

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
            EvidencePack pack = log.isInMongo() ? shippedPack(err) : pack(log.journal(policies), err);
            EvidenceCheck.Report report = EvidenceCheck.check(pack, Trust.NONE);
            if (!report.flaws().isEmpty()) {
                throw new IOException("the log is not sound, verify it: "
                        + report.flaws().getFirst().message());
            }
            Files.write(output, withPayloads(pack, report, own).write());
            spec.commandLine().getOut().println(pack.records().size() + " records of " + exchange + " in " + output);
            return 0;
        } catch (IOException | IllegalArgumentException failure) {
            err.println(failure.getMessage());
            return 1;
        }
    }

    private EvidencePack pack(Path folder, PrintWriter err) throws IOException {
        try (ProgressBar bar = new ProgressBar(err, Verifier.bytes(folder))) {
            return EvidenceExport.of(Verifier.source(folder, bar::at), exchange);
        }
    }

    private EvidencePack shippedPack(PrintWriter err) throws IOException {
        try (MongoConnection connection = log.connect()) {
            MongoLogs logs = new MongoLogs(connection);
            try (ProgressBar bar = new ProgressBar(err, logs.count())) {
                long[] read = {0};
                for (String node : logs.nodes(new ExchangeId(exchange))) {
                    LogSource shipped = reader -> logs.of(node).each(entry -> {
                        bar.at(++read[0]);
                        return reader.take(entry);
                    });
                    try {
                        return EvidenceExport.of(shipped, exchange);
                    } catch (EvidenceExport.NoSuchCall elsewhere) {
                        // Another node may have had it.
                    }
                }
            }
        }
        throw new IOException("no node's log in this database has the call " + exchange);
    }

    /** The pack as it is written, once the log has it. An export of the node's own journal is on its log; one of a copy elsewhere has no log to be on. */
    private EvidencePack withPayloads(EvidencePack pack, EvidenceCheck.Report report, Path own)
            throws PolicyException, IOException {
        if (!Files.isDirectory(own)) {
            if (payloads) {
                throw new IOException("payloads are kept in a data folder, and there is none in " + own);
            }
            return pack;
        }
        try (LocalStores stores = LocalStores.open(policies.loader())) {
            List<Content> kept = payloads ? kept(stores, report) : List.of();
            stores.record(
                    "audit_exported",
                    exchange,
                    Map.of("file", String.valueOf(output.getFileName()), "payloads", Integer.toString(kept.size())));
            return pack.withPayloads(kept);
        }
    }

    private List<Content> kept(LocalStores stores, EvidenceCheck.Report report) throws IOException {
        PayloadReader reader = new PayloadReader(stores.shelf(), stores.payloadKeys());
        List<Content> kept = new ArrayList<>();
        for (AuditRecord record : report.records()) {
            if (record instanceof Received received) {
                for (Part part : Part.values()) {
                    if (reader.find(exchange, received.at(), part) instanceof Answer.Kept(StoredPayload payload)) {
                        kept.add(new Content(
                                part == Part.REQUEST ? "request" : "reply",
                                Base64.getEncoder().encodeToString(payload.salt()),
                                Base64.getEncoder().encodeToString(payload.bytes())));
                    }
                }
            }
        }
        return kept;
    }
}
