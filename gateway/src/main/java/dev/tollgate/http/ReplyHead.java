package dev.tollgate.http;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.provider.Reply;
import io.vertx.core.http.HttpServerResponse;

/** The head of a provider's answer as its client gets it. */
final class ReplyHead {
    private ReplyHead() {}

    /**
     * Begins the reply.
     *
     * @param isWhole whether all of the answer is there already, so that its head goes out with it and can tell what it cost
     */
    static void begin(
            Exchange exchange, Reply reply, AnswerForm form, ClientReply client, ReplyOwner owner, boolean isWhole) {
        HttpServerResponse response = client.response();
        client.identify();
        client.begin(form.status(), form.toClient());
        ReplyHeaders.copy(
                reply.response(), response.headers(), exchange.policy().bundle().routing());
        response.putHeader("x-tollgate-model", reply.target().toString());
        owner.describe(response, isWhole);
        if (isWhole) {
            if (form.isEmpty() && form.length() >= 0) {
                response.putHeader("content-length", Long.toString(form.length()));
            }
            return;
        }
        if (form.length() >= 0 && !form.isStream()) {
            response.putHeader("content-length", Long.toString(form.length()));
        } else {
            response.setChunked(true);
        }
        var unused = response.writeHead();
    }
}
