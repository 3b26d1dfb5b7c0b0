package dev.tollgate.cli;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.payload.Answer;
import dev.tollgate.audit.payload.Head;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.Payload;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import dev.tollgate.audit.payload.StoredPayload;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.exchange.Splice;
import dev.tollgate.policy.ListenPolicy;
import dev.tollgate.policy.ProviderEntry;
import dev.tollgate.wire.ReplyContent;
import dev.tollgate.wire.Wires;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Sends stored requests through a running gateway once more, where they meet every stage, cost money and are recorded, and compares the answers. */
final class Resend {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int FIRST_ERROR_STATUS = 400;
    /** Most calls that are sent again at once. */
    private static final int MAX_CALLS = 1000;

    private final LocalStores stores;
    private final Wish wish;
    private final PrintWriter out;
    private final PayloadReader reader;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * @param model provider and model to send to; empty for the same
     * @param gateway its URL; empty for that of the settings
     * @param key the gateway key
     * @param showsTexts whether answers that differ are shown
     */
    record Wish(String model, String gateway, String key, boolean showsTexts) {
        @Override
        public String toString() {
            return "Wish[" + model + ", redacted]";
        }
    }

    Resend(LocalStores stores, Wish wish, PrintWriter out) {
        this.stores = stores;
        this.wish = wish;
        this.out = out;
        this.reader = new PayloadReader(stores.shelf(), stores.payloadKeys());
    }

    int run(Subject whose, Instant from, Instant to) throws IOException {
        if (wish.key.isEmpty()) {
            throw new IOException("no gateway key: give --key, or set TOLLGATE_KEY");
        }
        if (!wish.model.isEmpty() && wish.model.indexOf('/') < 1) {
            throw new IOException("--to takes provider/model, such as anthropic/claude-sonnet-4-5");
        }
        List<Payload.Whose> calls = new ArrayList<>();
        reader.each(whose, from, to, payload -> {
            if (payload.part() == Part.REQUEST) {
                calls.add(payload.whose());
            }
            return calls.size() < MAX_CALLS;
        });
        if (calls.isEmpty()) {
            throw new IOException("no request of " + whose + " is kept");
        }
        int unanswered = 0;
        int unsent = 0;
        for (Payload.Whose call : calls) {
            if (reader.find(call.exchange(), call.at(), Part.REQUEST) instanceof Answer.Kept(StoredPayload request)) {
                String foreign = foreign(request.head());
                if (foreign.isEmpty()) {
                    unanswered += again(request) ? 0 : 1;
                } else {
                    out.println(call.exchange() + " was not sent: " + foreign);
                    unsent++;
                }
            }
        }
        out.println((calls.size() - unsent) + " calls were sent again, " + unanswered + " of them were not answered"
                + (unsent == 0 ? "" : "; " + unsent + " could not be sent"));
        return unanswered + unsent == 0 ? 0 : 1;
    }

    /** Why the other provider cannot take a request as it is; empty where it can. What it answers must be comparable, so nothing is translated. */
    private String foreign(Head head) {
        int slash = wish.model.indexOf('/');
        if (slash < 0 || head.wire().equals(Wires.OPAQUE)) {
            return "";
        }
        String named = wish.model.substring(0, slash);
        Map<String, ProviderEntry> providers = stores.settings().providers();
        Optional<String> id = providers.entrySet().stream()
                .filter(one ->
                        one.getKey().equals(named) || one.getValue().aliases().contains(named))
                .map(Map.Entry::getKey)
                .findFirst();
        if (id.isEmpty()) {
            return "there is no provider " + named + " in the settings";
        }
        ProviderEntry provider = Objects.requireNonNull(providers.get(id.get()));
        return provider.speaks(head.wire())
                ? ""
                : "it is written in " + head.wire() + ", and provider " + id.get() + " speaks "
                        + String.join(" and ", provider.wires())
                        + "; requests are not translated from one API to another";
    }

    private boolean again(StoredPayload request) throws IOException {
        String id = request.whose().exchange();
        HttpResponse<byte[]> answer = send(request);
        String newId = answer.headers().firstValue("x-tollgate-exchange-id").orElse("");
        Optional<Ended> before = ended(id);
        Optional<Ended> after = newId.isEmpty() ? Optional.empty() : ended(newId);
        out.println(id + " -> " + (newId.isEmpty() ? "?" : newId));
        if (request.masked() > 0) {
            out.println("  was kept with placeholders, and sent with them");
        }
        out.println("  status   "
                + before.map(end -> Integer.toString(end.status())).orElse("?") + " -> " + answer.statusCode());
        out.println("  served   " + told(before, Ended::target) + " -> " + told(after, Ended::target));
        out.println("  tokens   " + told(before, Resend::tokens) + " -> " + told(after, Resend::tokens));
        out.println("  cost     " + told(before, end -> String.valueOf(end.cost())) + " -> "
                + told(after, end -> String.valueOf(end.cost())));
        out.println("  latency  " + told(before, Resend::millis) + " -> " + told(after, Resend::millis));
        compare(request, answer.body());
        return answer.statusCode() < FIRST_ERROR_STATUS;
    }

    private static String told(Optional<Ended> end, java.util.function.Function<Ended, String> what) {
        return end.map(what).orElse("unknown");
    }

    private static String tokens(Ended end) {
        return end.usage().totalInput() + " in, " + end.usage().totalOutput() + " out";
    }

    private static String millis(Ended end) {
        return end.durationMicros() / 1000 + " ms";
    }

    private Optional<Ended> ended(String exchange) throws IOException {
        return LocalStores.await(stores.index().find(exchange)).flatMap(ExchangeRow::ended);
    }

    private void compare(StoredPayload request, byte[] answer) throws IOException {
        ReplyContent now = ReplyContent.of(answer).orElse(null);
        ReplyContent then = null;
        if (reader.find(request.whose().exchange(), request.whose().at(), Part.REPLY)
                instanceof Answer.Kept(StoredPayload reply)) {
            then = reply.isAssembled()
                    ? ReplyContent.parse(reply.bytes())
                    : ReplyContent.of(reply.bytes()).orElse(null);
        }
        if (now == null || then == null) {
            out.println("  answer   cannot be compared: " + (then == null ? "the first" : "the second")
                    + " is not kept or not understood");
            return;
        }
        boolean isSame = now.text().equals(then.text());
        out.println("  text     " + (isSame ? "the same, " : "differs, ")
                + then.text().length() + " -> " + now.text().length() + " characters");
        out.println("  tools    " + names(then) + " -> " + names(now)
                + (then.tools().equals(now.tools()) ? ", the same arguments" : ""));
        out.println("  ended    " + then.finish() + " -> " + now.finish());
        if (!now.error().isEmpty()) {
            out.println("  error    " + now.error());
        }
        if (wish.showsTexts && !isSame) {
            out.println("  --- then\n" + then.text() + "\n  --- now\n" + now.text() + "\n  ---");
        }
    }

    private static List<String> names(ReplyContent content) {
        return content.tools().stream().map(ReplyContent.Tool::name).toList();
    }

    private HttpResponse<byte[]> send(StoredPayload request) throws IOException {
        Head head = request.head();
        HttpRequest.Builder again = HttpRequest.newBuilder(uri(head))
                .timeout(PATIENCE)
                .header("x-tollgate-key", wish.key)
                .header("x-tollgate-session", "replay-" + request.whose().exchange())
                .method(head.method(), HttpRequest.BodyPublishers.ofByteArray(body(request)));
        head.headers().forEach(again::setHeader);
        try {
            return http.send(again.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } catch (java.net.ConnectException nobody) {
            throw new IOException("no gateway answers at " + base() + "; start it, or name it with --gateway", nobody);
        }
    }

    private String base() {
        if (!wish.gateway.isEmpty()) {
            return wish.gateway.endsWith("/") ? wish.gateway.substring(0, wish.gateway.length() - 1) : wish.gateway;
        }
        ListenPolicy listen = stores.settings().server().dataPlane();
        return (listen.certificate() == null ? "http" : "https") + "://" + listen.host() + ":" + listen.port();
    }

    private URI uri(Head head) {
        int slash = wish.model.indexOf('/');
        String provider = slash < 0 ? head.provider() : wish.model.substring(0, slash);
        String path = head.path();
        int model = path.indexOf("models/");
        int verb = path.indexOf(':');
        if (slash >= 0 && model >= 0 && verb > model) {
            path = path.substring(0, model) + "models/" + wish.model.substring(slash + 1) + path.substring(verb);
        }
        return URI.create(base() + "/v1/" + (provider.isEmpty() ? "" : provider + "/") + path
                + (head.query().isEmpty() ? "" : "?" + head.query()));
    }

    private byte[] body(StoredPayload request) throws IOException {
        if (wish.model.isEmpty()) {
            return request.bytes();
        }
        try {
            String model = wish.model.substring(wish.model.indexOf('/') + 1);
            return JsonReader.read(request.bytes()) instanceof Json.Obj body
                            && body.get("model") instanceof Json.Str named
                    ? Splice.apply(request.bytes(), List.of(Splice.of(named.start(), named.end(), "\"" + model + "\"")))
                    : request.bytes();
        } catch (JsonRefused noJson) {
            throw new IOException("the request names no model that could be changed", noJson);
        }
    }
}
