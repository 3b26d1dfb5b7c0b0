package dev.tollgate.console;

import dev.tollgate.approval.HeldOriginals.Original;
import dev.tollgate.approval.ShownCall;
import dev.tollgate.approval.Ticket;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.wire.Transcript;
import dev.tollgate.wire.Transcript.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a held call says as it came. Prints nothing of it.
 *
 * @param entries what was said since the model last spoke, or what cannot be taken apart
 * @param before what was said before that
 * @param call the call of a tool that waits; null where a whole call does
 * @param isCut whether there is more than the page has room for
 */
record OriginalView(
        List<EntryView> entries,
        List<EntryView> before,
        @Nullable CallView call,
        boolean isCut) {
    OriginalView {
        entries = List.copyOf(entries);
        before = List.copyOf(before);
    }

    /** @param room of which nothing is used yet */
    static OriginalView of(Ticket ticket, Original original, PageRoom room) {
        String text = new String(original.bytes(), StandardCharsets.UTF_8);
        if (!original.isRequest()) {
            CallView call = CallView.of(new ShownCall(ticket.details().wish().tool(), text, true), room);
            return new OriginalView(List.of(), List.of(), call, call.isCut());
        }
        try {
            return conversation(Transcript.of(JsonReader.readObject(original.bytes())), room);
        } catch (JsonRefused noJson) {
            EntryView whole = EntryView.told("request", "request", text, room);
            return new OriginalView(List.of(whole), List.of(), null, room.cuts() > 0);
        }
    }

    /** The newest first while there is room, told in their order. */
    private static OriginalView conversation(List<Entry> all, PageRoom room) {
        int old = all.size();
        while (old > 0 && !isOld(all.get(old - 1))) {
            old--;
        }
        List<EntryView> newest = EntryView.of(all.subList(old, all.size()), room);
        List<EntryView> before = EntryView.of(all.subList(0, old), room);
        return new OriginalView(newest, before, null, room.cuts() > 0);
    }

    private static boolean isOld(Entry entry) {
        return entry.role().equals("assistant") || entry.role().equals("system");
    }

    @Override
    public String toString() {
        return "OriginalView[" + entries.size() + " entries, redacted]";
    }
}
