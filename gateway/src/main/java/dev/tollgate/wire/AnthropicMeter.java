package dev.tollgate.wire;

import dev.tollgate.value.Usage;
import org.jspecify.annotations.Nullable;

/** Meters messages: input in {@code message_start}, running totals in {@code message_delta}, {@code message_stop} at the end. */
final class AnthropicMeter extends JsonMeter {
    private static final byte[] TYPE = name("type");
    private static final byte[] STOP_REASON = name("stop_reason");

    private static final int BLOCK_DEPTH = 2;

    private boolean sawEnd;

    @Override
    public Step onEvent(@Nullable String name, byte[] data) {
        String type = name == null ? typeIn(data) : name;
        return switch (type) {
            case "message_start", "message_delta" -> {
                take(ToldReader.read(data));
                noteStop(data);
                yield Step.PASS;
            }
            case "content_block_delta", "content_block_start" -> {
                JsonSkim skim = skim(data);
                while (skim.next()) {
                    // Deeper stand results of tools that ran at the provider: the model read them and did not say them.
                    if (skim.depth() <= BLOCK_DEPTH) {
                        keepOutput(skim);
                    }
                }
                yield Step.PASS;
            }
            case "message_stop", "error" -> {
                sawEnd = true;
                yield Step.LAST;
            }
            default -> Step.PASS;
        };
    }

    @Override
    @Nullable
    Usage merge(@Nullable Usage earlier, @Nullable Usage later) {
        return UsageShapes.larger(earlier, later);
    }

    @Override
    public boolean sawEnd() {
        return sawEnd;
    }

    private void noteStop(byte[] data) {
        JsonSkim skim = new JsonSkim(data);
        while (skim.next()) {
            sawEnd |= skim.nameIs(STOP_REASON) && skim.valueIsString();
        }
    }

    private static String typeIn(byte[] data) {
        JsonSkim skim = new JsonSkim(data);
        while (skim.next()) {
            if (skim.depth() == 1 && skim.nameIs(TYPE) && skim.valueIsString()) {
                return skim.valueText();
            }
        }
        return "";
    }
}
