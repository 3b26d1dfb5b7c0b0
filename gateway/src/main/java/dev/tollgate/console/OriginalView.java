package dev.tollgate.console;

import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.ShownCall;
import dev.tollgate.approval.Ticket;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.wire.Transcript;
import dev.tollgate.wire.Transcript.Entry;
import dev.tollgate.wire.Transcript.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a held call says as it came. Prints nothing of it.
 *
 * @param entries what was said since the model last spoke, or what cannot be taken apart
 * @param before what was said before that
 * @param call the call of a tool that waits; null where a whole call does
 * @param isCut whether there is more than the page shows
 */
record OriginalView(
        List<Entry> entries, List<Entry> before, @Nullable CallView call, boolean isCut) {
    /** Most characters that a page shows. */
    private static final int MAX_SHOWN = 90_000;

    private static final int MAX_ENTRY = 20_000;

    OriginalView {
        entries = List.copyOf(entries);
        before = List.copyOf(before);
    }

    static OriginalView of(Ticket ticket, Original original) {
        String text = new String(original.bytes(), StandardCharsets.UTF_8);
        if (!original.isRequest()) {
            String tool = ticket.details().wish().tool();
            boolean isCut = text.length() > MAX_SHOWN / 2;
            String shown = isCut ? Said.shortened(text, MAX_SHOWN / 2) : text;
            return new OriginalView(List.of(), List.of(), CallView.of(new ShownCall(tool, shown, !isCut)), isCut);
        }
        try {
            return conversation(Transcript.of(JsonReader.readObject(original.bytes())));
        } catch (JsonRefused noJson) {
            Entry whole = new Entry("request", Kind.TEXT, "", Said.shortened(text, MAX_SHOWN), 0, 0);
            return new OriginalView(List.of(whole), List.of(), null, text.length() > MAX_SHOWN);
        }
    }

    /** The newest first while there is room, told in their order. */
    private static OriginalView conversation(List<Entry> all) {
        List<Entry> newest = new ArrayList<>();
        List<Entry> before = new ArrayList<>();
        int room = MAX_SHOWN;
        boolean isOld = false;
        boolean isCut = false;
        for (Entry entry : all.reversed()) {
            isOld |= entry.role().equals("assistant") || entry.role().equals("system");
            Entry shown = shortened(entry, Math.min(room, MAX_ENTRY));
            isCut |= shown.text().length() < entry.text().length();
            room -= shown.text().length();
            (isOld ? before : newest).add(shown);
        }
        return new OriginalView(newest.reversed(), before.reversed(), null, isCut);
    }

    private static Entry shortened(Entry entry, int most) {
        return entry.text().length() <= most
                ? entry
                : new Entry(
                        entry.role(),
                        entry.kind(),
                        entry.name(),
                        most < 1 ? "" : Said.shortened(entry.text(), most),
                        entry.start(),
                        entry.end());
    }

    @Override
    public String toString() {
        return "OriginalView[" + entries.size() + " entries, redacted]";
    }
}
