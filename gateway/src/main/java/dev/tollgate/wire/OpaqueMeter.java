package dev.tollgate.wire;

import dev.tollgate.value.Usage;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Meters replies of unknown endpoints: usage in any known shape, ends of streams as OpenAI's and Anthropic's wires mark them. */
final class OpaqueMeter extends JsonMeter {
    private static final byte[] DONE = name("[DONE]");
    private static final byte[] ERROR = name("error");
    private static final Set<String> LAST_NAMES = Set.of(
            "message_stop",
            "response.completed",
            "response.failed",
            "response.incomplete",
            "error",
            "done",
            AwsEventStream.NAME_PREFIX + "metadata",
            AwsEventStream.NAME_PREFIX + "exception");
    /** Bedrock puts them into the last event of a stream, whatever the model. */
    private static final byte[] INVOCATION_METRICS = name("amazon-bedrock-invocationMetrics");

    private static final byte[][] USAGE = {
        name("usage"), name("usageMetadata"), name("billed_units"), name("meta"), INVOCATION_METRICS
    };

    private boolean sawLast;

    @Override
    public Step onEvent(@Nullable String name, byte[] data) {
        if (Arrays.equals(data, DONE)) {
            sawLast = true;
            return Step.LAST;
        }
        boolean tellsUsage = false;
        boolean ends = name != null && LAST_NAMES.contains(name);
        JsonSkim skim = skim(data);
        while (skim.next()) {
            noteModel(skim);
            keepOutput(skim);
            if (skim.valueStart() == '{') {
                tellsUsage |= tellsUsage(skim);
                ends |= skim.depth() == 1 && (skim.nameIs(ERROR) || skim.nameIs(INVOCATION_METRICS));
            }
        }
        if (tellsUsage) {
            take(ToldReader.read(data));
        }
        sawLast |= ends;
        return ends ? Step.LAST : Step.PASS;
    }

    /** Unknown streams may end as they like: only a known end tells that nothing of the usage is missing. */
    @Override
    public boolean toldAll() {
        return sawLast;
    }

    @Override
    @Nullable
    Usage merge(@Nullable Usage earlier, @Nullable Usage later) {
        return UsageShapes.larger(earlier, later);
    }

    private static boolean tellsUsage(JsonSkim member) {
        for (byte[] name : USAGE) {
            if (member.nameIs(name)) {
                return true;
            }
        }
        return false;
    }
}
