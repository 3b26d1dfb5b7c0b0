package dev.tollgate.console;

import dev.tollgate.approval.Ticket;
import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a reviewer needs to know of who asks: what the agent did before, and what its session has cost. May lag behind by moments.
 *
 * @param agent the agent
 * @param team its team
 * @param past what the agent did in the last {@value #DAYS} days
 * @param session the session so far; empty where it has none, or this is its first call
 * @param sessionName its name
 * @param trouble why nothing can be told; empty where something can
 */
record Background(
        String agent, String team, AgentPast past, Optional<Spend> session, String sessionName, String trouble) {
    /** How far back it is looked. */
    static final int DAYS = 30;

    /** Most calls that are told one by one. */
    private static final int MAX_ASKED = 6;

    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    /**
     * A call that people were asked about before.
     *
     * @param decision in words
     * @param tone of the decision
     */
    record Asked(Instant at, String exchange, String model, String decision, String tone) {
        String address() {
            return "/exchanges/" + Format.url(exchange);
        }
    }

    /**
     * What the index knows. Never fails: that the index is away must keep nobody from deciding.
     *
     * @param index as far as whoever looks may see it
     */
    static Future<Background> of(AuditIndex index, Ticket ticket, Instant now) {
        Instant from = now.minus(Duration.ofDays(DAYS));
        Instant until = now.plusSeconds(1);
        Future<AgentPast> past =
                index.past(new AgentPast.Question(ticket.agent(), ticket.team(), from, until, MAX_ASKED));
        Future<Optional<Spend>> session = ticket.session().isEmpty()
                ? Future.succeededFuture(Optional.empty())
                : session(index, ticket, from, until);
        return past.compose(before -> session.map(
                        spent -> new Background(ticket.agent(), ticket.team(), before, spent, ticket.session(), "")))
                .otherwise(failure -> {
                    LOG.warn("what {} did before cannot be told: {}", ticket.agent(), failure.toString());
                    return new Background(
                            ticket.agent(),
                            ticket.team(),
                            AgentPast.NONE,
                            Optional.empty(),
                            ticket.session(),
                            "The index of the log does not answer: what this agent did before, and what its session has"
                                    + " cost, is not known at the moment.");
                });
    }

    private static Future<Optional<Spend>> session(AuditIndex index, Ticket ticket, Instant from, Instant until) {
        GroupKey session = GroupKey.of(Dimension.SESSION);
        SpendQuery question = new SpendQuery(
                from,
                until,
                ZoneOffset.UTC,
                List.of(session),
                Map.of(session, ticket.session(), GroupKey.of(Dimension.TEAM), ticket.team()));
        return index.spend(question).map(groups -> groups.stream().findFirst().map(SpendGroup::spend));
    }

    String sessionAddress() {
        return SessionPages.Asked.link(sessionName, team);
    }

    String callsAddress() {
        return "/exchanges?agent=" + Format.url(agent) + "&team=" + Format.url(team);
    }

    /** The calls that people were asked about before, the newest first. */
    List<Asked> asked() {
        return past.asked().stream().map(Background::asked).toList();
    }

    private static Asked asked(ExchangeRow row) {
        ExchangeView view = new ExchangeView(row);
        Instant at = row.received().at();
        boolean isAboutTools = row.ended()
                .map(ended -> ToolCount.of(ended.verdicts()).held() > 0)
                .orElse(false);
        String decision = isAboutTools ? tools(row) : decision(row);
        boolean isGood = decision.contains("approved by") || decision.contains("let pass");
        return new Asked(at, view.id(), view.model(), decision, isGood ? "good" : "bad");
    }

    private static String decision(ExchangeRow row) {
        for (Verdict verdict : row.received().verdicts().reversed()) {
            if (verdict.stage().equals("approve")
                    && verdict.result().equals("proceed")
                    && !verdict.detail().isEmpty()) {
                return verdict.detail();
            }
        }
        String code = row.ended().map(Ended::code).orElse("");
        return switch (code) {
            case "approval_denied" -> "not approved";
            case "approval_expired" -> "nobody decided in time";
            case "approval_pending" -> "parked: its client was told to come back";
            case "" ->
                row.ended().map(Ended::result).orElse("open").equals("client_gone")
                        ? "its client left before anybody decided"
                        : "open";
            default -> Format.words(code);
        };
    }

    private static String tools(ExchangeRow row) {
        ToolCount tools =
                row.ended().map(ended -> ToolCount.of(ended.verdicts())).orElse(ToolCount.NONE);
        String what = tools.held() == 1 ? "a call of a tool" : tools.held() + " calls of tools";
        return tools.approved() == tools.held()
                ? what + " approved by a person"
                : what + ": " + tools.approved() + " approved, " + (tools.held() - tools.approved()) + " not";
    }
}
