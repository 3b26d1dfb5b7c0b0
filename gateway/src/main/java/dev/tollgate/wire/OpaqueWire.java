package dev.tollgate.wire;

import dev.tollgate.exchange.Facts;

/** Every endpoint that has no wire of its own: read as far as its bytes can be read, metered as far as its reply tells. */
final class OpaqueWire implements Wire {
    private final Dialect dialect = new OpenAiDialect(OpenAiDialect.Stream.PLAIN);

    @Override
    public String id() {
        return "opaque";
    }

    @Override
    public boolean serves(String method, String path) {
        return true;
    }

    @Override
    public Facts read(Request request) {
        return OpaqueBody.read(request);
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
