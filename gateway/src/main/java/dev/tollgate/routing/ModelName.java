package dev.tollgate.routing;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Target;
import java.util.Optional;

/** Puts the name under which a target knows a model in the place of the one that the client wrote. */
public final class ModelName {
    private ModelName() {}

    /** The change to the body; empty where the client wrote the target's own name, or none. */
    public static Optional<Splice> splice(Facts facts, Target target) {
        String wanted = target.model();
        if (wanted == null || wanted.equals(facts.model()) || facts.modelStart() < 0) {
            return Optional.empty();
        }
        String quoted = '"' + new String(JsonStringEncoder.getInstance().quoteAsString(wanted)) + '"';
        return Optional.of(Splice.of(facts.modelStart(), facts.modelEnd(), quoted));
    }
}
