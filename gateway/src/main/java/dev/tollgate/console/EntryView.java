package dev.tollgate.console;

import dev.tollgate.approval.ShownCall;
import dev.tollgate.wire.Transcript.Entry;
import dev.tollgate.wire.Transcript.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was said, as a page shows it: a call of a tool as what it is, all else as text. Prints nothing of it.
 *
 * @param role who said it, in the word of its wire
 * @param who the same, with what they did
 * @param name the tool, or the kind of medium; empty for texts, and where the call tells it
 * @param text what was said; empty for a call
 * @param call the call of a tool; null for all else
 * @param isFolded whether it is shown after a click: nobody said it in this call
 */
record EntryView(
        String role,
        String who,
        String name,
        VisibleText text,
        @Nullable CallView call,
        boolean isFolded) {
    /** Longest text of one entry, in characters. */
    private static final int MAX_TEXT = 20_000;

    private static final int MAX_NAME = 200;
    /** What a page has around each, in bytes. */
    private static final int AROUND = 400;

    private static final String ASSISTANT = "assistant";

    /** Entries as far as there is room, the newest first; told in their order. */
    static List<EntryView> of(List<Entry> entries, PageRoom room) {
        return room.takeEach(entries.reversed(), AROUND, entry -> of(entry, room))
                .reversed();
    }

    private static EntryView of(Entry entry, PageRoom room) {
        String role = room.take(entry.role(), MAX_NAME);
        if (entry.kind() == Kind.TOOL_CALL) {
            return call(role, role + " called", entry.name(), entry.text(), room);
        }
        String who = switch (entry.kind()) {
            case TEXT, TOOL_CALL -> role;
            case REASONING -> role + " thought";
            case TOOL_RESULT -> "tool answered";
            case TOOLS_OFFERED -> "tools offered";
            case MEDIA -> role + " sent";
        };
        boolean isFolded = entry.kind() == Kind.TOOLS_OFFERED || role.equals("system");
        return new EntryView(role, who, room.take(entry.name(), MAX_NAME), text(entry.text(), room), null, isFolded);
    }

    /** What the model said. */
    static EntryView said(String who, String text, PageRoom room) {
        return new EntryView(ASSISTANT, who, "", text(text, room), null, false);
    }

    /** What something else than a person or the model said. */
    static EntryView told(String role, String who, String text, PageRoom room) {
        return new EntryView(role, who, "", text(text, room), null, false);
    }

    /** A call that the model made. */
    static EntryView called(String tool, String arguments, PageRoom room) {
        return call(ASSISTANT, "the model called", tool, arguments, room);
    }

    private static EntryView call(String role, String who, String tool, String arguments, PageRoom room) {
        CallView call = CallView.of(new ShownCall(tool, arguments, true), room);
        return new EntryView(role, who, "", VisibleText.of(""), call, false);
    }

    private static VisibleText text(String text, PageRoom room) {
        return VisibleText.of(room.take(text, MAX_TEXT));
    }

    boolean hasText() {
        return !text.pieces().isEmpty();
    }

    @Override
    public String toString() {
        return "EntryView[" + role + ", redacted]";
    }
}
