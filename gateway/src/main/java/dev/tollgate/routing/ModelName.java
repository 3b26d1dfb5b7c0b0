package dev.tollgate.routing;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Target;
import java.util.Optional;

/** The model's name in a request body, as the target's provider spells it. */
public final class ModelName {
    private ModelName() {}

    /** The change that puts the target's model into the body; empty where it stands there already, or the body names none. */
    public static Optional<Splice> splice(Facts facts, Target target) {
        String model = target.model();
        if (model == null || facts.modelStart() < 0 || model.equals(facts.model())) {
            return Optional.empty();
        }
        String quoted = '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(model)) + '"';
        return Optional.of(Splice.of(facts.modelStart(), facts.modelEnd(), quoted));
    }
}
