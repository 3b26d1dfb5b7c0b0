package dev.tollgate.console;

import dev.tollgate.approval.Ticket;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One answer to several held calls: each is decided, recorded and refused as if it had been asked for alone. */
final class BatchPages {
    private final Shell shell;

    BatchPages(Shell shell) {
        this.shell = shell;
    }

    /** How it went. */
    private static final class Outcome {
        private final Map<Ticket.State, Integer> decided = new LinkedHashMap<>();
        private final List<String> refused = new ArrayList<>();

        void add(Ticket ticket) {
            decided.merge(ticket.state(), 1, Integer::sum);
        }

        Notice told() {
            List<String> words = new ArrayList<>();
            decided.forEach((state, count) ->
                    words.add((state == Ticket.State.PENDING ? "waiting for further approvals" : Format.word(state))
                            + ": " + Format.calls(count)));
            refused.stream().distinct().forEach(words::add);
            String text = String.join("; ", words) + ".";
            String sentence = Character.toUpperCase(text.charAt(0)) + text.substring(1);
            return refused.isEmpty() ? Notice.done(sentence) : Notice.failed(sentence);
        }
    }

    List<Route> routes() {
        return List.of(Route.post("/approvals/batch", Access.PAGE, Need.APPROVER, this::decide));
    }

    private Future<Reply> decide(Call call) {
        Parameters form = call.form();
        Ticket.State decision = ApprovalPages.decision(form);
        List<String> ids = form.all("ticket").stream()
                .distinct()
                .filter(Predicate.not(String::isEmpty))
                .toList();
        if (ids.isEmpty()) {
            call.session().tell(Notice.failed("No call was ticked: tick those that you want to decide together."));
            return Future.succeededFuture(ApprovalPages.back(form));
        }
        if (ids.size() > Limits.MAX_BATCH) {
            throw Refused.badRequest(
                    ids.size() + " calls are ticked, at most " + Limits.MAX_BATCH + " can be decided together");
        }
        Outcome outcome = new Outcome();
        Administration administration = shell.administration(call);
        Future<Void> all = Future.succeededFuture();
        for (String id : ids) {
            all = all.compose(before -> administration
                    .decide(id, decision, form.get("note"))
                    .<Void>map(ticket -> {
                        outcome.add(ticket);
                        return null;
                    })
                    .otherwise(failure -> {
                        outcome.refused.add(ApprovalPages.reasonOf(failure));
                        return null;
                    }));
        }
        return all.map(done -> {
            call.session().tell(outcome.told());
            return ApprovalPages.back(form);
        });
    }
}
