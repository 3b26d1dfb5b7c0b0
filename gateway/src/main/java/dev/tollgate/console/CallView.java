package dev.tollgate.console;

import dev.tollgate.approval.ShownCall;
import dev.tollgate.console.LineDiff.Line;
import java.util.List;

/**
 * A call of a tool as what it is: a command, a change of a file, or arguments by name. Nothing is left out: what no part shows is a field,
 * and the arguments as they were written are there as well.
 *
 * @param tool its name
 * @param does what it does, in a few words
 * @param parts what it runs and changes, in order; empty where that is not known
 * @param fields all else that it says
 * @param raw the arguments as they were written
 * @param isWhole whether the arguments are there to their end
 */
record CallView(String tool, String does, List<Part> parts, List<Field> fields, String raw, boolean isWhole) {
    CallView {
        parts = List.copyOf(parts);
        fields = List.copyOf(fields);
    }

    static CallView of(ShownCall call) {
        return CallReader.read(call);
    }

    /** Whether nothing but the arguments as they were written can be shown. */
    boolean isUnread() {
        return parts.isEmpty() && fields.isEmpty();
    }

    /** A part of what it does. */
    sealed interface Part {
        /**
         * Something is run.
         *
         * @param text the command
         * @param folder where; empty where that is not said
         */
        record Command(String text, String folder) implements Part {}

        /**
         * A file is changed.
         *
         * @param path which; empty where that is not said
         * @param lines old, new and unchanged ones
         * @param fields what else is said of this change
         */
        record Change(String path, List<Line> lines, List<Field> fields) implements Part {
            public Change {
                lines = List.copyOf(lines);
                fields = List.copyOf(fields);
            }
        }
    }

    /**
     * One argument.
     *
     * @param value a text as it is, anything else as JSON
     */
    record Field(String name, String value) {
        private static final int MAX_LINE = 80;

        /** Whether it needs lines of its own. */
        boolean isLong() {
            return value.length() > MAX_LINE || value.indexOf('\n') >= 0;
        }
    }
}
