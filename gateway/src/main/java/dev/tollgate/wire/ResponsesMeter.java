package dev.tollgate.wire;

import org.jspecify.annotations.Nullable;

/** Meters responses: usage and model inside the event that ends the stream, whose name some providers tell in the data only. */
final class ResponsesMeter extends JsonMeter {
    private static final byte[] TYPE = name("type");
    private static final byte[] COMPLETED = name("response.completed");
    private static final byte[] FAILED = name("response.failed");
    private static final byte[] INCOMPLETE = name("response.incomplete");
    private static final byte[] ERROR = name("error");
    private static final byte[] ITEM_ADDED = name("response.output_item.added");
    private static final byte[] CALL_SUFFIX = name("_call");
    private static final int ITEM_DEPTH = 2;
    private static final byte[] DELTA = name("delta");

    private boolean sawEnd;

    @Override
    public Step onEvent(@Nullable String name, byte[] data) {
        boolean ends = false;
        boolean begins = false;
        JsonSkim skim = skim(data);
        while (skim.next()) {
            noteModel(skim);
            if (skim.depth() == 1 && skim.nameIs(TYPE)) {
                ends = isEnd(skim);
                begins = skim.valueIs(ITEM_ADDED);
            } else if (begins && skim.depth() == ITEM_DEPTH && skim.nameIs(TYPE)) {
                if (skim.valueEndsWith(CALL_SUFFIX)) {
                    output().call();
                }
            } else if (skim.depth() == 1 && skim.nameIs(DELTA)) {
                keepOutput(skim);
            }
        }
        if (ends) {
            take(ToldReader.read(data));
        }
        boolean isLast = ends || "error".equals(name);
        sawEnd |= isLast;
        return isLast ? Step.LAST : Step.PASS;
    }

    @Override
    public boolean sawEnd() {
        return sawEnd;
    }

    private static boolean isEnd(JsonSkim type) {
        return type.valueIs(COMPLETED) || type.valueIs(FAILED) || type.valueIs(INCOMPLETE) || type.valueIs(ERROR);
    }
}
