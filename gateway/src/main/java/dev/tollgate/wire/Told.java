package dev.tollgate.wire;

import dev.tollgate.value.Extras;
import dev.tollgate.value.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a reply, or one event of it, says about itself.
 *
 * @param usage the usage told; null if none is
 * @param model the model named; null if none is
 * @param extras what is billed besides tokens, as far as it is told outside the usage
 * @param usageOnly whether it holds usage and an empty list of choices: an event that came for the usage alone
 */
record Told(@Nullable Usage usage, @Nullable String model, Extras extras, boolean usageOnly) {
    static final Told NOTHING = new Told(null, null, Extras.NONE, false);
}
