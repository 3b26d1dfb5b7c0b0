package dev.tollgate.wire;

import dev.tollgate.value.Usage;
import org.jspecify.annotations.Nullable;

/** Meters Gemini's replies: every event repeats the running totals, and nothing but the end of the stream marks its end. */
final class GeminiMeter extends JsonMeter {
    private static final byte[] USAGE = name("usageMetadata");
    private static final byte[] ERROR = name("error");
    private static final byte[] FINISH_REASON = name("finishReason");
    private static final byte[] BLOCK_REASON = name("blockReason");

    private boolean sawEnd;

    @Override
    public Step onEvent(@Nullable String name, byte[] data) {
        boolean tellsUsage = false;
        boolean fails = false;
        boolean finishes = false;
        JsonSkim skim = skim(data);
        while (skim.next()) {
            noteModel(skim);
            keepOutput(skim);
            finishes |= skim.nameIs(FINISH_REASON) || skim.nameIs(BLOCK_REASON);
            if (skim.depth() == 1 && skim.valueStart() == '{') {
                tellsUsage |= skim.nameIs(USAGE);
                fails |= skim.nameIs(ERROR);
            }
        }
        if (tellsUsage) {
            take(ToldReader.read(data));
        }
        sawEnd |= fails || finishes;
        if (fails) {
            return Step.LAST;
        }
        // Each candidate has a reason of its own, and so has each event of some models: the last one shows by the end
        // of the stream.
        return finishes ? Step.MAYBE_LAST : Step.PASS;
    }

    @Override
    public boolean sawEnd() {
        return sawEnd;
    }

    /** The later event; where it leaves out what the model said or thought, that of the earlier one. */
    @Override
    @Nullable
    Usage merge(@Nullable Usage earlier, @Nullable Usage later) {
        Usage last = UsageShapes.later(earlier, later);
        if (earlier == null || last == null) {
            return last;
        }
        return new Usage(
                last.input(),
                last.cacheRead(),
                last.cacheWrite(),
                last.cacheWriteLong(),
                Math.max(earlier.output(), last.output()),
                Math.max(earlier.reasoning(), last.reasoning()),
                last.audioInput(),
                Math.max(earlier.audioOutput(), last.audioOutput()),
                last.imageInput(),
                Math.max(earlier.imageOutput(), last.imageOutput()),
                last.providerCost(),
                last.source(),
                earlier.extras().and(last.extras()));
    }
}
