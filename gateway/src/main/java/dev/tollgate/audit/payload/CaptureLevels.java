package dev.tollgate.audit.payload;

import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Names;
import dev.tollgate.policy.PayloadPolicy;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.policy.PayloadPolicy.CaptureRule;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import java.util.List;

/** How much of which call is kept: {@code payloads.capture} and its exceptions. Immutable. */
public final class CaptureLevels {
    private final Capture usual;
    private final List<CaptureRule> rules;

    private CaptureLevels(Capture usual, List<CaptureRule> rules) {
        this.usual = usual;
        this.rules = rules;
    }

    public static ViewCompiler<CaptureLevels> compiler() {
        return new ViewCompiler<>() {
            @Override
            public Class<CaptureLevels> type() {
                return CaptureLevels.class;
            }

            @Override
            public CaptureLevels compile(Bundle bundle) throws PolicyException {
                PayloadPolicy policy = bundle.payloads();
                try {
                    var unused = PayloadKeys.parse(policy.key());
                } catch (IllegalArgumentException malformed) {
                    throw PolicyException.at("payloads.key", String.valueOf(malformed.getMessage()));
                }
                refusePayloadsWithoutRecords(bundle);
                return new CaptureLevels(policy.capture(), policy.captureFor());
            }
        };
    }

    /** Fail closed: what no record commits to could be changed unseen, and would pass for what was said. */
    private static void refusePayloadsWithoutRecords(Bundle bundle) throws PolicyException {
        PayloadPolicy policy = bundle.payloads();
        boolean keeps = policy.capture().keepsPayload()
                || policy.captureFor().stream().anyMatch(rule -> rule.capture().keepsPayload());
        if (keeps && !bundle.audit().recordsCalls()) {
            throw PolicyException.at(
                    "audit.durability", "off records no calls, so that payloads.capture must be none or metadata");
        }
    }

    /** The level of a call. One whose caller is not known has no team and no agent. */
    public Capture of(Exchange exchange) {
        for (CaptureRule rule : rules) {
            if (matches(rule, exchange)) {
                return rule.capture();
            }
        }
        return usual;
    }

    private static boolean matches(CaptureRule rule, Exchange exchange) {
        Caller caller = exchange.identified();
        return allows(rule.teams(), caller == null ? "" : caller.team().value())
                && allows(rule.agents(), caller == null ? "" : caller.agent().value())
                && allows(rule.endpoints(), endpoint(rule.endpoints(), exchange.endpoint()))
                && allows(rule.models(), model(exchange));
    }

    private static String endpoint(Names asked, Endpoint endpoint) {
        // Joined only where somebody asks: most rules name teams and agents.
        return asked.all().isEmpty()
                ? ""
                : endpoint.provider() == null ? endpoint.path() : endpoint.provider() + "/" + endpoint.path();
    }

    private static String model(Exchange exchange) {
        String model = exchange.read() == null ? null : exchange.facts().model();
        return model == null ? "" : model;
    }

    private static boolean allows(Names names, String value) {
        if (names.all().isEmpty()) {
            return true;
        }
        for (String name : names.all()) {
            boolean isPrefix = name.endsWith("*");
            if (isPrefix ? value.startsWith(name.substring(0, name.length() - 1)) : value.equals(name)) {
                return true;
            }
        }
        return false;
    }
}
