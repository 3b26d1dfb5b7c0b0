package dev.tollgate.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Meters chat completions and legacy completions: usage in the last chunk, or Groq's in {@code x_groq}; {@code [DONE]} at the end. */
final class ChatMeter extends JsonMeter {
    private static final byte[] DONE = name("[DONE]");
    private static final byte[] USAGE = name("usage");
    private static final byte[] ERROR = name("error");

    private static final byte[] FINISH_REASON = name("finish_reason");

    private final boolean dropsUsageOnly;
    private boolean sawEnd;

    /**
     * @param dropsUsageOnly whether the client did not ask for the chunk that holds nothing but usage
     */
    ChatMeter(boolean dropsUsageOnly) {
        this.dropsUsageOnly = dropsUsageOnly;
    }

    @Override
    public Step onEvent(@Nullable String name, byte[] data) {
        if (Arrays.equals(data, DONE)) {
            sawEnd = true;
            return Step.LAST;
        }
        boolean tellsUsage = false;
        boolean fails = false;
        JsonSkim skim = skim(data);
        while (skim.next()) {
            noteModel(skim);
            keepOutput(skim);
            tellsUsage |= skim.valueStart() == '{' && skim.depth() <= 2 && skim.nameIs(USAGE);
            sawEnd |= skim.nameIs(FINISH_REASON) && skim.valueIsString();
            fails |= skim.depth() == 1 && skim.nameIs(ERROR) && (skim.valueStart() == '{' || skim.valueIsString());
        }
        sawEnd |= fails;
        if (!tellsUsage) {
            return fails ? Step.LAST : Step.PASS;
        }
        Told told = ToldReader.read(data);
        take(told);
        if (fails) {
            return Step.LAST;
        }
        return dropsUsageOnly && told.usageOnly() ? Step.DROP : Step.PASS;
    }

    @Override
    public boolean sawEnd() {
        return sawEnd;
    }
}
