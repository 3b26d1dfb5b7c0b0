package dev.tollgate.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.routing.ModelRoutes;
import dev.tollgate.wire.Problem;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Answers {@code GET /v1/models} itself: what the calling key may use, in the shape of OpenAI's API reference, "Models". */
final class ModelList {
    private static final JsonFactory JSON = new JsonFactory();

    private final DataPlane plane;

    ModelList(DataPlane plane) {
        this.plane = plane;
    }

    void answer(Exchange exchange, ClientReply client, Steps steps) {
        steps.when(plane.identify().decide(exchange), decided -> {
            if (decided.failed()) {
                client.problem(Problem.of(
                        Problem.Kind.UNAVAILABLE,
                        "enforcement_unavailable",
                        "the key cannot be checked at the moment"));
                return;
            }
            switch (decided.result()) {
                case Decision.Proceed proceed -> list(proceed.exchange(), client);
                case Decision.Deny deny -> client.problem(deny.denial().problem());
                case Decision.Hold hold ->
                    client.problem(Problem.of(Problem.Kind.UNAVAILABLE, "enforcement_unavailable", hold.reason()));
            }
        });
    }

    private static void list(Exchange exchange, ClientReply client) {
        Caller caller = exchange.caller();
        List<String> names = exchange.policy().view(ModelRoutes.class).names(caller.scopes());
        client.identify();
        client.begin(200, ReplyForm.DOCUMENT);
        client.response().putHeader("content-type", "application/json");
        client.end(Buffer.buffer(json(names, exchange.policy().loadedAt().getEpochSecond())));
    }

    private static byte[] json(List<String> names, long created) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            generator.writeStartObject();
            generator.writeStringField("object", "list");
            generator.writeArrayFieldStart("data");
            for (String name : names) {
                generator.writeStartObject();
                generator.writeStringField("id", name);
                generator.writeStringField("object", "model");
                generator.writeNumberField("created", created);
                int slash = name.indexOf('/');
                generator.writeStringField("owned_by", slash > 0 ? name.substring(0, slash) : "tollgate");
                generator.writeEndObject();
            }
            generator.writeEndArray();
            generator.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
