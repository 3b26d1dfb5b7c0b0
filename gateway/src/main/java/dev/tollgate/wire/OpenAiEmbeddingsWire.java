package dev.tollgate.wire;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;

/** OpenAI embeddings (OpenAI API reference, "Embeddings"), as spoken by most providers. */
final class OpenAiEmbeddingsWire implements Wire {
    private final Dialect dialect = new OpenAiDialect(OpenAiDialect.Stream.PLAIN);

    @Override
    public String id() {
        return "openai_embeddings";
    }

    @Override
    public boolean serves(String method, String path) {
        return method.equals("POST") && PathModel.endsIn(PathModel.plain(path), "embeddings");
    }

    @Override
    public Facts read(Request request) {
        Json.Obj body = request.json();
        if (body == null) {
            return OpaqueBody.read(request);
        }
        Reading reading = new Reading(request.bytes());
        reading.members(body, Place.OTHER, true, (name, value) -> {
            Place place = switch (name) {
                case "input" -> Place.USER;
                case "user", "metadata" -> Place.METADATA;
                default -> Place.OTHER;
            };
            reading.all(value, place, true);
        });
        return new FactsDraft(reading)
                .modelIn(body, "model")
                .modelInPath(PathModel.model(PathModel.plain(request.path())))
                .done();
    }

    @Override
    public ReplyMeter meter(Facts facts) {
        return new OpaqueMeter();
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }
}
