package dev.tollgate.console;

import dev.tollgate.approval.ShownCall;
import dev.tollgate.console.LineDiff.Line;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A call of a tool as what it is: a command, a change of a file, or arguments by name. Nothing is left out: what no part shows is a field,
 * and the arguments as they were written are there as well.
 *
 * @param tool its name
 * @param does what it does, in a few words
 * @param parts what it runs and changes, in order; empty where that is not known
 * @param fields all else that it says
 * @param raw the arguments as they were written; empty where the page has no room for them
 * @param isWhole whether the arguments are there to their end
 * @param isCut whether the page has no room for all that they say
 */
record CallView(
        String tool, String does, List<Part> parts, List<Field> fields, String raw, boolean isWhole, boolean isCut) {
    private static final int MAX_NAME = 500;
    /** What a page has around each, in bytes. */
    private static final int AROUND_PART = 1_000;

    private static final int AROUND_LINE = 60;
    private static final int AROUND_FIELD = 200;

    CallView {
        parts = List.copyOf(parts);
        fields = List.copyOf(fields);
    }

    CallView(String tool, String does, List<Part> parts, List<Field> fields, String raw, boolean isWhole) {
        this(tool, does, parts, fields, raw, isWhole, false);
    }

    static CallView of(ShownCall call) {
        return CallReader.read(call);
    }

    /** The same as far as there is room: what it does first, and the arguments as they were written whole or not at all. */
    static CallView of(ShownCall call, PageRoom room) {
        return of(call).fitting(room);
    }

    private CallView fitting(PageRoom room) {
        int before = room.cuts();
        String name = room.take(tool, MAX_NAME);
        List<Part> does = room.takeEach(parts, AROUND_PART, part -> fitting(part, room));
        List<Field> says = fitting(fields, room);
        boolean isCut = room.cuts() > before;
        String written = isUnread() ? room.take(raw) : room.takeWhole(raw) ? raw : "";
        return new CallView(
                name, this.does, does, says, written, isWhole, isCut || (isUnread() && room.cuts() > before));
    }

    private static Part fitting(Part part, PageRoom room) {
        return switch (part) {
            case Part.Command(String text, String folder) ->
                new Part.Command(room.take(text), room.take(folder, MAX_NAME));
            case Part.Change(String path, List<Line> lines, List<Field> fields) ->
                new Part.Change(
                        room.take(path, MAX_NAME),
                        room.takeEach(lines, AROUND_LINE, line -> new Line(line.sign(), room.take(line.text()))),
                        fitting(fields, room));
        };
    }

    private static List<Field> fitting(List<Field> fields, PageRoom room) {
        return room.takeEach(
                fields, AROUND_FIELD, field -> new Field(room.take(field.name(), MAX_NAME), room.take(field.value())));
    }

    /** What it does, in a line: what is run, or which file is changed; else the arguments as they were written. */
    String line() {
        String what = parts.stream()
                .map(part -> switch (part) {
                    case Part.Command(String text, String folder) -> text;
                    case Part.Change(String path, List<Line> lines, List<Field> says) -> path;
                })
                .filter(text -> !text.isEmpty())
                .distinct()
                .collect(Collectors.joining(", "));
        return tool + (what.isEmpty() ? " " + raw : ": " + what);
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
