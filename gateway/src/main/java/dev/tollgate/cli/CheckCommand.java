package dev.tollgate.cli;

import dev.tollgate.budget.PriceList;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.ListenPolicy;
import dev.tollgate.policy.PolicyError;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.policy.ReplyScanPolicy;
import dev.tollgate.policy.ScanPolicy;
import dev.tollgate.provider.Upstreams;
import dev.tollgate.routing.ModelRoutes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells whether a policy bundle is sound, as {@code serve} would find it, and what is odd about it. */
@Command(
        name = "check",
        description = {
            "Checks a policy bundle as a whole, without starting anything.",
            "Tells every fault with file, line and path, and warns of what is sound but probably not meant."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the bundle is sound (there may be warnings)", "1:it is not", "2:wrong arguments"})
final class CheckCommand implements Callable<Integer> {
    private static final Duration FRESH_PRICES = Duration.ofDays(90);
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

    @Mixin
    private PolicyOptions policies = new PolicyOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Node node;
    private final InstantSource clock;

    CheckCommand(Node node, InstantSource clock) {
        this.node = node;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        PolicyLoader loader = policies.loader();
        Path folder = loader.folder();
        String name = folder == null ? "the default bundle" : folder.toString();
        try {
            PolicySnapshot snapshot = PolicySource.snapshot(loader, node.compilers(loader), clock);
            warnings(snapshot).forEach(warning -> err.println("warning: " + warning));
            out.println(name + " is sound: " + summary(snapshot));
            return 0;
        } catch (PolicyException refused) {
            for (PolicyError error : refused.errors()) {
                err.println(error);
            }
            int count = refused.errors().size();
            err.println(name + " is not sound: " + count + (count == 1 ? " fault" : " faults"));
            return 1;
        }
    }

    private static String summary(PolicySnapshot snapshot) {
        Bundle bundle = snapshot.bundle();
        Upstreams upstreams = snapshot.view(Upstreams.class);
        String callable = new TreeSet<>(bundle.providers().keySet())
                .stream().filter(id -> upstreams.accepts(id, false)).collect(Collectors.joining(", "));
        return "version " + snapshot.version() + ", " + bundle.models().size() + " aliases, "
                + bundle.budget().budgets().size() + " budgets, "
                + bundle.approval().holds().size() + " holds, whose retries may differ in "
                + (bundle.approval().retriesVary().isEmpty()
                        ? "nothing"
                        : String.join(", ", bundle.approval().retriesVary()))
                + "; providers that can be called from here: " + callable;
    }

    private List<String> warnings(PolicySnapshot snapshot) {
        List<String> warnings = new ArrayList<>();
        LocalDate prices = snapshot.view(PriceList.class).date();
        long days = ChronoUnit.DAYS.between(
                prices, clock.instant().atZone(ZoneOffset.UTC).toLocalDate());
        if (days > FRESH_PRICES.toDays()) {
            warnings.add("the prices are of " + prices + ", " + days + " days old: what calls cost may have changed");
        }
        Bundle bundle = snapshot.bundle();
        Upstreams upstreams = snapshot.view(Upstreams.class);
        ModelRoutes routes = snapshot.view(ModelRoutes.class);
        for (String name : new TreeSet<>(bundle.models().keySet())) {
            List<Target> targets = routes.find(name).map(Route::targets).orElse(List.of());
            if (targets.stream().noneMatch(target -> upstreams.accepts(target.provider(), false))) {
                String first = targets.isEmpty() ? "" : targets.get(0).provider();
                warnings.add("models." + name + " leads nowhere from here: " + upstreams.missing(first));
            }
        }
        warnOfOpenSocket("server.data_plane", bundle.server().dataPlane(), warnings);
        warnOfOpenSocket("server.console", bundle.server().console(), warnings);
        warnOfLinks(bundle.scan(), warnings);
        return warnings;
    }

    private static void warnOfLinks(ScanPolicy scan, List<String> warnings) {
        boolean restores = scan.secrets() == ScanPolicy.Action.RESTORE
                || scan.personal() == ScanPolicy.Action.RESTORE
                || scan.rules().containsValue(ScanPolicy.Action.RESTORE);
        if (restores && scan.replies().links() == ReplyScanPolicy.Action.OFF) {
            warnings.add("scan puts values back wherever a model writes their placeholders, into links too: set"
                    + " scan.replies.links");
        }
    }

    private static void warnOfOpenSocket(String path, ListenPolicy listen, List<String> warnings) {
        if (listen.certificate() == null && !LOOPBACK.contains(listen.host())) {
            warnings.add(path + " listens on " + listen.host() + " without TLS: keys pass in clear text");
        }
    }
}
