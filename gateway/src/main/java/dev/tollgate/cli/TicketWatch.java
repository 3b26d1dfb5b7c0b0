package dev.tollgate.cli;

import dev.tollgate.approval.Ticket;
import dev.tollgate.value.TicketId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The approval queue as it changes, answered line by line: {@code a}, {@code d} with a number, {@code l}, {@code q}. */
final class TicketWatch {
    private static final int MAX_SHOWN = 200;
    private static final int MAX_SUMMARY = 400;

    /** Answers a ticket; yields what to say about it. */
    @FunctionalInterface
    interface Answering {
        String answer(TicketId ticket, boolean approves, String note) throws IOException;
    }

    /** What waits. */
    @FunctionalInterface
    interface Queue {
        List<Ticket> pending(int max) throws IOException;
    }

    private final Queue queue;
    private final Answering answering;
    private final PrintWriter out;
    /** Numbers that are typed instead of ids, given in order of appearance. */
    private final Map<Integer, Ticket> byNumber = new LinkedHashMap<>();

    private final Set<TicketId> shown = new HashSet<>();
    private int numbers;

    TicketWatch(Queue queue, Answering answering, PrintWriter out) {
        this.queue = queue;
        this.answering = answering;
        this.out = out;
    }

    /**
     * Shows and answers until somebody types {@code q} or the input ends.
     *
     * @param pause between looks at the queue
     */
    void run(BufferedReader in, Duration pause) throws IOException {
        out.println("a NUMBER [note] approves, d NUMBER [note] denies, l lists, q ends.");
        while (true) {
            look();
            out.flush();
            while (in.ready()) {
                String line = in.readLine();
                if (line == null || line.strip().equals("q")) {
                    return;
                }
                obey(line.strip());
                out.flush();
            }
            try {
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void look() throws IOException {
        Set<TicketId> waiting = new HashSet<>();
        for (Ticket ticket : queue.pending(MAX_SHOWN)) {
            waiting.add(ticket.id());
            if (shown.add(ticket.id())) {
                numbers++;
                byNumber.put(numbers, ticket);
                show(numbers, ticket);
            }
        }
        byNumber.entrySet().removeIf(entry -> {
            boolean isGone = !waiting.contains(entry.getValue().id());
            if (isGone) {
                out.println("[" + entry.getKey() + "] " + entry.getValue().id() + " waits no more");
                shown.remove(entry.getValue().id());
            }
            return isGone;
        });
    }

    private void show(int number, Ticket ticket) {
        out.println("[" + number + "] " + ticket.id() + "  " + Terminal.plain(ticket.agent()) + " to "
                + Terminal.plain(ticket.model()) + ", at most "
                + (ticket.estimate() == null ? "unknown" : ticket.estimate()) + ", "
                + Math.max(0, Instant.now().until(ticket.deadline(), ChronoUnit.SECONDS)) + " s left");
        out.println("    " + Terminal.plain(ticket.reason()) + " (rule " + ticket.rule() + ")");
        out.println("    " + Terminal.plain(ticket.summary(), MAX_SUMMARY));
    }

    private void obey(String line) throws IOException {
        String[] words = line.split("\\s+", 3);
        switch (words[0]) {
            case "" -> out.println(byNumber.size() + " wait");
            case "l" -> byNumber.forEach(this::show);
            case "a", "d" -> answer(words);
            default -> out.println("not understood: a NUMBER [note], d NUMBER [note], l or q");
        }
    }

    private void answer(String[] words) throws IOException {
        Ticket ticket = words.length < 2 ? null : named(words[1]);
        if (ticket == null) {
            out.println("which one? a NUMBER or d NUMBER");
            return;
        }
        try {
            out.println(answering.answer(ticket.id(), words[0].equals("a"), words.length > 2 ? words[2] : ""));
        } catch (IOException refused) {
            out.println(refused.getMessage());
        }
    }

    private @Nullable Ticket named(String word) {
        try {
            return byNumber.get(Integer.parseInt(word));
        } catch (NumberFormatException anId) {
            return byNumber.values().stream()
                    .filter(ticket -> ticket.id().value().equalsIgnoreCase(word))
                    .findFirst()
                    .orElse(null);
        }
    }
}
