package dev.tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Tickets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicketWatchTest {
    @Test
    void ticket_whoseModelAndReasonSpeakToTerminals_staysOnItsLines() throws Exception {
        StringWriter said = new StringWriter();
        TicketWatch watch = new TicketWatch(
                max -> List.of(Tickets.called("A1", "gpt\u001b[2J\n[7] A7  boss", "dear\u202e")),
                (ticket, approves, note) -> "",
                new PrintWriter(said));

        watch.run(new BufferedReader(new StringReader("q\n")), Duration.ofMillis(1));

        assertThat(said.toString().lines())
                .anyMatch(line -> line.startsWith("[1] A1  coder to gpt[U+001B][2J [7] A7  boss, at most $2.50"))
                .anyMatch(line -> line.equals("    dear[U+202E] (rule dear)"))
                .noneMatch(line -> line.startsWith("[7]"));
    }

    @Test
    void lines_answerWhatWasShown_byNumberOrId_andSayWhatCameOfIt() throws Exception {
        StringWriter said = new StringWriter();
        List<String> answers = new ArrayList<>();
        TicketWatch watch = new TicketWatch(
                max -> List.of(Tickets.pending("A1", "f1"), Tickets.pending("A2", "f2")),
                (ticket, approves, note) -> {
                    answers.add(ticket + " " + approves + " " + note);
                    if (approves) {
                        return ticket + " is APPROVED";
                    }
                    throw new IOException(ticket + " is APPROVED already");
                },
                new PrintWriter(said));

        watch.run(new BufferedReader(new StringReader("a 1 fine by me\nd a2\na 9\nwhat\n\nq\n")), Duration.ofMillis(1));

        assertThat(answers).containsExactly("A1 true fine by me", "A2 false ");
        assertThat(said.toString())
                .contains("[1] A1  coder to openai/gpt-4o, at most $2.50")
                .contains("costs much (rule dear)")
                .contains("A1 is APPROVED", "A2 is APPROVED already", "which one?", "not understood", "2 wait");
    }
}
