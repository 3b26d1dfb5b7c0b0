package dev.tollgate.console;

import dev.tollgate.wire.ReplyContent;
import java.util.ArrayList;
import java.util.List;

/**
 * What was said in one call, as a page shows it. Prints nothing of it.
 *
 * @param entries what was new in the request, and what the model answered
 * @param isNothingNew whether the request said nothing new
 * @param isCut whether more was said than is kept
 * @param isShortened whether more is kept than the page has room for
 */
record SaidView(List<EntryView> entries, boolean isNothingNew, boolean isCut, boolean isShortened) {
    SaidView {
        entries = List.copyOf(entries);
    }

    /** The answer first, then the newest of the request, as far as there is room. */
    static SaidView of(Said said, PageRoom room) {
        List<EntryView> answer = new ArrayList<>();
        said.answer().ifPresent(given -> add(given, answer, room));
        List<EntryView> entries = new ArrayList<>(EntryView.of(said.entries(), room));
        if (!said.unread().isEmpty()) {
            entries.add(EntryView.told("user", "request, not a conversation that is known", said.unread(), room));
        }
        boolean isNothingNew = said.entries().isEmpty() && said.unread().isEmpty();
        entries.addAll(answer);
        return new SaidView(entries, isNothingNew, said.isCut(), room.cuts() > 0);
    }

    private static void add(ReplyContent answer, List<EntryView> all, PageRoom room) {
        if (!answer.reasoning().isEmpty()) {
            all.add(EntryView.said("the model thought", answer.reasoning(), room));
        }
        if (!answer.text().isEmpty()) {
            all.add(EntryView.said("the model answered", answer.text(), room));
        }
        for (ReplyContent.Tool tool : answer.tools()) {
            if (!room.isFull()) {
                all.add(EntryView.called(tool.name(), tool.arguments(), room));
            }
        }
        if (!answer.error().isEmpty()) {
            all.add(EntryView.told("tool", "the provider said", answer.error(), room));
        }
    }

    @Override
    public String toString() {
        return "SaidView[" + entries.size() + " entries, redacted]";
    }
}
