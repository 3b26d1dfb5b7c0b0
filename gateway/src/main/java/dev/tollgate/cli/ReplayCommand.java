package dev.tollgate.cli;

import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import dev.tollgate.audit.payload.StoredPayload;
import dev.tollgate.budget.Ledger;
import dev.tollgate.cli.replay.Comparison;
import dev.tollgate.cli.replay.Rehearsal;
import dev.tollgate.identity.Key;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.value.KeyId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Stored calls once more: judged by another policy, or sent again. */
@Command(
        name = "replay",
        description = {
            "Sends stored calls again through a running gateway and compares the answers.",
            "With --decide-only: judges stored calls by another policy without sending anything, and lists the decisions that change."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no decision changes; or every call was answered",
            "1:something cannot be read; or a call was not answered",
            "2:wrong arguments",
            "3:decisions change (--decide-only)"
        })
final class ReplayCommand extends StoreCommand {
    private static final int CHANGED = 3;
    private static final int MAX_KEYS = 100_000;
    private static final String NO_PAYLOAD = "no request is kept";

    @Parameters(
            arity = "0..1",
            paramLabel = "SESSION|EXCHANGE",
            description = "Only calls of this session, or this exchange. With --decide-only it may be left out.")
    private String subject = "";

    @Option(names = "--decide-only", description = "Judge, do not send.")
    private boolean decideOnly;

    @Option(names = "--policy", paramLabel = "DIR", description = "The other policy bundle. Needs --decide-only.")
    private @Nullable Path otherPolicy;

    @Option(
            names = "--try",
            paramLabel = "PATH=VALUE",
            description =
                    "A setting that is different in the other policy, such as scan.personal=block. May be repeated.")
    private List<String> tried = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "First moment or day, such as 2026-11-21. Default: 24 h ago.")
    private String from = "";

    @Option(names = "--until", paramLabel = "TIME", description = "Moment that is past, or last day. Default: now.")
    private String until = "";

    @Option(names = "--limit", defaultValue = "100", description = "Most changes listed. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--to",
            paramLabel = "PROVIDER/MODEL",
            description = "Send to another model that speaks the same API.")
    private String toModel = "";

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            description = "The gateway to send through. Default: the one of the settings.")
    private String gateway = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Gateway key to send with. Default: the environment variable TOLLGATE_KEY.")
    private String key = "";

    @Option(names = "--texts", description = "Show both answers where they differ.")
    private boolean texts;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Node node;

    ReplayCommand(Node node) {
        this.node = node;
    }

    @Override
    int run(LocalStores stores, PrintWriter out) throws IOException, PolicyException {
        if (!decideOnly) {
            if (subject.isEmpty() || otherPolicy != null || !tried.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "name a session or an exchange; --policy and --try need --decide-only");
            }
            Resend resend = new Resend(stores, new Resend.Wish(toModel, gateway, secret(), texts), out);
            return resend.run(whose(), start(), end());
        }
        if (otherPolicy == null && tried.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "name the other policy with --policy DIR or --try PATH=VALUE");
        }
        Comparison found = rehearse(stores);
        ComparisonText.print(found, out);
        return found.changedCalls() > 0 ? CHANGED : 0;
    }

    private String secret() {
        String environment = System.getenv("TOLLGATE_KEY");
        return !key.isEmpty() || environment == null ? key : environment;
    }

    private Comparison rehearse(LocalStores stores) throws IOException, PolicyException {
        PolicyLoader loader =
                new PolicyLoader(otherPolicy == null ? policyFolder() : otherPolicy, tried, Environment.SYSTEM);
        PolicySnapshot policy = PolicySource.snapshot(loader, node.rehearsalCompilers(loader), InstantSource.system());
        // The private ledger lives in the time of the calls.
        Instant[] now = {start()};
        Ledger ledger = new MemoryLedger(() -> now[0]);
        Map<KeyId, Key> keys = new HashMap<>();
        for (Key known : LocalStores.await(stores.keys().list(MAX_KEYS))) {
            keys.put(known.id(), known);
        }
        Rehearsal rehearsal = new Rehearsal(policy, node.rehearsal(ledger), ledger, keys);
        AuditIndex index = stores.index();
        Comparison comparison = new Comparison(limit);
        long calls = calls(index);
        long[] done = {0};
        try (ProgressBar progress = new ProgressBar(spec.commandLine().getErr(), calls)) {
            new PayloadReader(stores.shelf(), stores.payloadKeys()).each(whose(), start(), end(), payload -> {
                if (payload.part() == Part.REQUEST) {
                    now[0] = payload.whose().at();
                    judge(rehearsal, index, payload, comparison);
                    progress.at(++done[0]);
                }
                return true;
            });
        }
        comparison.notJudged(NO_PAYLOAD, calls - comparison.judgedCalls() - comparison.notJudgedCalls());
        return comparison;
    }

    private static void judge(Rehearsal rehearsal, AuditIndex index, StoredPayload payload, Comparison comparison)
            throws IOException {
        Optional<ExchangeRow> row = LocalStores.await(index.find(payload.whose().exchange()));
        if (row.isEmpty()) {
            comparison.notJudged("no record of it is left", 1);
        } else {
            comparison.add(rehearsal.judge(payload, row.get()));
        }
    }

    /** How many calls there were, kept or not. */
    private long calls(AuditIndex index) throws IOException {
        Subject whose = whose();
        if (whose.kind() == Subject.Kind.EXCHANGE) {
            return 1;
        }
        Map<GroupKey, String> only =
                whose.kind() == Subject.Kind.SESSION ? Map.of(GroupKey.of(Dimension.SESSION), whose.name()) : Map.of();
        SpendQuery query = new SpendQuery(start(), end(), ZoneOffset.UTC, List.of(GroupKey.of(Dimension.TEAM)), only);
        return LocalStores.await(index.spend(query)).stream()
                .mapToLong(group -> group.spend().calls())
                .sum();
    }

    private Subject whose() {
        if (subject.isEmpty()) {
            return Subject.ALL;
        }
        return new Subject(subject.startsWith("ex_") ? Subject.Kind.EXCHANGE : Subject.Kind.SESSION, subject);
    }

    private Instant start() {
        return from.isEmpty()
                ? Instant.now().minus(subject.isEmpty() ? Duration.ofDays(1) : Duration.ofDays(3650))
                : moment(from, 0);
    }

    private Instant end() {
        return until.isEmpty() ? Instant.now().plusSeconds(1) : moment(until, 1);
    }

    private Instant moment(String written, int daysMore) {
        try {
            return written.contains("T")
                    ? Instant.parse(written)
                    : java.time.LocalDate.parse(written)
                            .plusDays(daysMore)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant();
        } catch (DateTimeParseException malformed) {
            throw new ParameterException(
                    spec.commandLine(), written + " is no day like 2026-11-21 and no moment like 2026-11-21T14:00:00Z");
        }
    }
}
