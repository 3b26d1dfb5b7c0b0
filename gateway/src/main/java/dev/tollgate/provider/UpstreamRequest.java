package dev.tollgate.provider;

import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Target;
import dev.tollgate.identity.Credentials;
import dev.tollgate.routing.ModelName;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * One request as it goes to one target: built from the route and the exchange, never copied from what the client sent.
 *
 * @param upstream where it goes
 * @param method HTTP method
 * @param uri path and query
 * @param headers all headers but credentials
 * @param body the bytes that came, with every change spliced in
 * @param exchange whose request it is
 */
@SuppressWarnings("ArrayRecordComponent") // Bodies are megabytes: shared, not copied, and never written to.
record UpstreamRequest(
        Upstream upstream, HttpMethod method, String uri, MultiMap headers, byte[] body, Exchange exchange) {

    static UpstreamRequest of(Exchange exchange, Target target) {
        Upstreams upstreams = exchange.policy().view(Upstreams.class);
        Upstream upstream = upstreams
                .find(target.provider())
                .orElseThrow(() ->
                        new IllegalStateException("no upstream " + target.provider() + ": routing let it through"));
        return new UpstreamRequest(
                upstream,
                HttpMethod.valueOf(exchange.inbound().method()),
                upstreams.path(upstream, endpoint(exchange), target),
                RequestHeaders.of(exchange, upstream.entry()),
                body(exchange, target, facts(exchange, upstream)),
                exchange);
    }

    /** What is known of the request as this provider gets it. */
    Facts facts() {
        return facts(exchange, upstream);
    }

    private static Facts facts(Exchange exchange, Upstream upstream) {
        Facts facts = exchange.facts();
        return upstream.entry().streamOptions() ? facts : facts.withoutUsageRequest();
    }

    /** The headers with the provider's credential put in. */
    Future<MultiMap> authorised() {
        if (exchange.caller().passThrough()) {
            return Future.succeededFuture(headers);
        }
        return Authorisation.of(this);
    }

    private static Endpoint endpoint(Exchange exchange) {
        Endpoint named = exchange.endpoint();
        return exchange.caller().passThrough() || named.query() == null
                ? named
                : new Endpoint(named.provider(), named.wire(), named.path(), Credentials.withoutKeys(named.query()));
    }

    private static byte[] body(Exchange exchange, Target target, Facts facts) {
        Content content = exchange.content();
        List<Splice> splices = new ArrayList<>(exchange.splices());
        ModelName.splice(facts, target).ifPresent(splices::add);
        Splice usageRequest = facts.usageRequest();
        if (usageRequest != null) {
            splices.add(usageRequest);
        }
        return Splice.apply(content.bytes(), splices);
    }

    @Override
    public String toString() {
        return "UpstreamRequest[" + method + " " + upstream + ", redacted]";
    }
}
