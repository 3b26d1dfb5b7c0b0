package dev.tollgate.wire;

import dev.tollgate.value.Usage;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Meters replies of unknown endpoints: usage in any known shape, ends of streams as OpenAI's and Anthropic's wires mark them. */
final class OpaqueMeter extends JsonMeter {
    private static final byte[] DONE = name("[DONE]");
    private static final byte[] ERROR = name("error");
    private static final Set<String> LAST_NAMES =
            Set.of("message_stop", "response.completed", "response.failed", "response.incomplete", "error", "done");
    private static final byte[][] USAGE = {
        name("usage"),
        name("usageMetadata"),
        name("billed_units"),
        name("meta"),
        name("amazon-bedrock-invocationMetrics")
    };

    @Override
    public Step onEvent(@Nullable String name, byte[] data) {
        if (Arrays.equals(data, DONE)) {
            return Step.LAST;
        }
        boolean tellsUsage = false;
        boolean fails = false;
        JsonSkim skim = skim(data);
        while (skim.next()) {
            noteModel(skim);
            keepOutput(skim);
            if (skim.valueStart() == '{') {
                tellsUsage |= tellsUsage(skim);
                fails |= skim.depth() == 1 && skim.nameIs(ERROR);
            }
        }
        if (tellsUsage) {
            take(ToldReader.read(data));
        }
        return fails || (name != null && LAST_NAMES.contains(name)) ? Step.LAST : Step.PASS;
    }

    @Override
    public void onBody(byte[] body) {
        if (AwsEventStream.isOne(body)) {
            for (byte[] payload : AwsEventStream.payloads(body)) {
                var unused = onEvent(null, payload);
            }
        } else {
            super.onBody(body);
        }
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
