package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Splice;
import dev.tollgate.exchange.Text;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.Names;
import dev.tollgate.policy.ReviewPolicy;
import dev.tollgate.policy.ScanPolicy;
import dev.tollgate.policy.ToolsPolicy.Permit;
import dev.tollgate.policy.ToolsPolicy.ToolRule;
import dev.tollgate.value.NanoUsd;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TicketDrafterTest {
    private static final Verdict SCANNED = new Verdict("scan", "proceed", "ok", List.of(), "", 1);

    private final TicketDrafter drafter = new TicketDrafter(new SecureRandom(), InstantSource.fixed(Exchanges.NOW));

    @Test
    void draft_always_saysWhoWhatAndUntilWhen() {
        Exchange call = Exchanges.routed(List.of()).withEstimate(NanoUsd.ofDollars("3"));

        Ticket ticket = drafter.draft(call, "dear", "costs much", Duration.ofMinutes(5), null, ReviewPolicy.DEFAULT);

        assertThat(ticket.id().value()).matches("A[0-9A-HJKMNP-TV-Z]{10}");
        assertThat(ticket.fingerprint()).isEqualTo(Fingerprint.of(call, ticket.rule()));
        assertThat(ticket.state()).isEqualTo(Ticket.State.PENDING);
        assertThat(List.of(ticket.key(), ticket.agent(), ticket.team(), ticket.session(), ticket.model()))
                .containsExactly("key_1", "coder", "core", "run-1", "openai/gpt-4o");
        assertThat(ticket.estimate()).isEqualTo(NanoUsd.ofDollars("3"));
        assertThat(ticket.deadline()).isEqualTo(Exchanges.NOW.plusSeconds(300));
        assertThat(ticket.rule()).isEqualTo("dear");
    }

    @Test
    void draft_ofACallInWhichSomethingWasFound_saysWhat_andIsDecidedFirst() {
        Exchange plain = Exchanges.routed(List.of());
        Exchange call = plain.withVerdict(new Verdict("scan", "proceed", "ok", List.of("email", "email"), "", 5))
                .withVerdict(new Verdict("detect", "would_deny", "x", List.of("override"), "", 5).withScore(0.7));

        Ticket risky = drafter.draft(call, "any", "", Duration.ofMinutes(5), null, ReviewPolicy.DEFAULT);
        Ticket other = drafter.draft(plain, "any", "", Duration.ofMinutes(5), null, ReviewPolicy.DEFAULT);

        assertThat(risky.details().risk()).isEqualTo(new Risk(0.7, List.of("email", "override")));
        assertThat(TicketText.details(TicketText.write(risky.details()))).isEqualTo(risky.details());
        assertThat(other.details().risk()).isEqualTo(Risk.NONE);
        assertThat(List.of(other, risky).stream().sorted(Ticket.RISKIEST_FIRST)).containsExactly(risky, other);
    }

    @Test
    void calls_ofAToolThatWaits_isItsOwn_withWhatIsRedacted_andSaysWhereItIsCut() {
        Exchange call = Exchanges.routed(List.of());
        String big = "{\"command\":\"" + "x".repeat(ShownCall.MAX_LENGTH) + "\"}";

        List<ShownCall> redacted = toolCall(call, "{\"command\":\"mail [EMAIL]\"}", "{\"command\":\"mail a@b.c\"}");
        List<ShownCall> long_ = toolCall(call, big, big);

        assertThat(redacted).containsExactly(new ShownCall("bash", "{\"command\":\"mail [EMAIL]\"}", true));
        assertThat(long_).singleElement().satisfies(one -> {
            assertThat(one.isWhole()).isFalse();
            assertThat(one.arguments()).hasSize(ShownCall.MAX_LENGTH).endsWith(" …");
        });
    }

    private List<ShownCall> toolCall(Exchange call, String shown, String arguments) {
        ToolRules.Ruling ruling = new ToolRules.Ruling(
                Permit.HOLD,
                "ask",
                "it runs",
                new ToolRule(
                        "ask",
                        Names.of("bash"),
                        Names.NONE,
                        Names.NONE,
                        Names.NONE,
                        Names.NONE,
                        Names.NONE,
                        null,
                        null,
                        Permit.HOLD,
                        "it runs",
                        Duration.ofMinutes(5),
                        ReviewPolicy.DEFAULT));
        return drafter.draftToolCall(call, ruling, "bash", shown, arguments)
                .details()
                .calls();
    }

    @Test
    void calls_ofARequest_areThoseSinceAPersonLastSpoke_redacted() {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"first\"},"
                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t0\",\"name\":\"old\",\"input\":{}}]},"
                + "{\"role\":\"user\",\"content\":\"go on\"},"
                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"bash\",\"input\":"
                + "{\"command\":\"mail a@b.c\\nnow\"}}]},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":\"sent\"}]}]}";
        int start = body.indexOf("a@b.c");
        Exchange call = Exchanges.routed(List.of())
                .withContent(Exchanges.content(body, Facts.NOTHING))
                .withSplices(List.of(Splice.of(start, start + 5, "[EMAIL]")));
        Bundle observing = Bundles.of(new ScanPolicy(Mode.OBSERVE, null, null, null, null, null));
        Exchange observed = Exchanges.routed(
                        Exchanges.received(Headers.NONE, null, Exchanges.policy(observing, Map.of())), List.of())
                .withContent(call.content());

        Ticket seen =
                drafter.draft(call.withVerdict(SCANNED), "any", "", Duration.ofMinutes(5), null, ReviewPolicy.DEFAULT);
        Ticket unscanned = drafter.draft(observed, "any", "", Duration.ofMinutes(5), null, ReviewPolicy.DEFAULT);
        Ticket onlyObserved = drafter.draft(
                observed.withVerdict(new Verdict("scan", "would_deny", "c", List.of("email"), "", 1)),
                "any",
                "",
                Duration.ofMinutes(5),
                null,
                ReviewPolicy.DEFAULT);
        Ticket shared = drafter.draft(
                call.withVerdict(SCANNED), "any", "", Duration.ofMinutes(5), "session", ReviewPolicy.DEFAULT);

        assertThat(seen.details().calls())
                .containsExactly(new ShownCall("bash", "{\"command\": \"mail [EMAIL]\\nnow\"}", true));
        assertThat(TicketText.details(TicketText.write(seen.details()))).isEqualTo(seen.details());
        assertThat(unscanned.details().calls()).isEmpty();
        assertThat(onlyObserved.details().calls()).isEmpty();
        assertThat(shared.details().calls()).isEmpty();
    }

    @Test
    void summary_always_showsTheNewTurnOnly() {
        Exchange call = saying("{\"a\":\"old\",\"b\":\"new one\",\"c\":\"result\"}", "old", "new one", "result");

        assertThat(summary(call)).isEqualTo("user: new one\ntool_result: result");
    }

    @Test
    void summary_ofIdsBesideWhatWasSaid_tellsThemLast_andNobodyIsToChangeThem() {
        String body = "{\"id\":\"c1\",\"said\":\"gate.txt\"}";
        var json = Exchanges.content(body, Facts.NOTHING).json();
        List<Text> texts = List.of(
                text(json.get("id"), "c1", Place.METADATA, true),
                text(json.get("said"), "gate.txt", Place.TOOL_RESULT, true));
        Exchange call = Exchanges.routed(List.of())
                .withContent(Exchanges.content(
                        body, new Facts("m", -1, -1, false, null, 1, true, texts, List.of(), List.of(), null, null)))
                .withVerdict(SCANNED);

        assertThat(summary(call)).isEqualTo("tool_result: gate.txt\nmetadata: c1");
        assertThat(NewTurn.passages(call)).extracting(Passage::text).containsExactly("gate.txt");
    }

    @Test
    void summary_ofARedactedCall_showsThePlaceholder() {
        String body = "{\"a\":\"x\",\"b\":\"mail \\u0061nn@example.com now\",\"c\":\"y\"}";
        int start = body.indexOf("\\u0061nn");
        Exchange call = saying(body, "x", "mail ann@example.com now", "y")
                .withSplices(List.of(Splice.of(start, start + "\\u0061nn@example.com".length(), "[EMAIL]")));

        assertThat(summary(call)).isEqualTo("user: mail [EMAIL] now\ntool_result: y");
    }

    @Test
    void summary_ofAWholeStringReplaced_showsTheReplacement() {
        String body = "{\"a\":\"x\",\"b\":\"secret\",\"c\":\"y\"}";
        int start = body.indexOf("\"secret\"");
        Exchange call = saying(body, "x", "secret", "y")
                .withSplices(List.of(Splice.of(start, start + "\"secret\"".length(), "\"gone\"")));

        assertThat(summary(call)).isEqualTo("user: gone\ntool_result: y");
    }

    @Test
    void summary_ofAChangeThatCannotBeFollowed_isHidden() {
        String body = "{\"a\":\"x\",\"b\":\"secret\",\"c\":\"y\"}";
        int start = body.indexOf("\"secret\"");

        assertThat(summary(saying(body, "x", "secret", "y").withSplices(List.of(Splice.of(start - 2, start + 4, "?")))))
                .isEqualTo("user: [redacted]\ntool_result: y");
        assertThat(summary(saying(body, "x", "secret", "y").withSplices(List.of(Splice.of(start, start + 1, "")))))
                .isEqualTo("user: [redacted]\ntool_result: y");
    }

    @Test
    void summary_ofALongTurn_isCutFromItsBeginning() {
        String big = "\uD83D\uDE00".repeat(NewTurn.MAX_LENGTH);
        Exchange call = saying("{\"a\":\"x\",\"b\":\"" + big + "\",\"c\":\"wanted\"}", "x", big, "wanted");

        String summary = summary(call);

        assertThat(summary).hasSizeLessThanOrEqualTo(NewTurn.MAX_LENGTH).endsWith(" …\ntool_result: wanted");
        assertThat(summary.chars()
                        .filter(c -> Character.isHighSurrogate((char) c))
                        .count())
                .isEqualTo(summary.chars()
                        .filter(c -> Character.isLowSurrogate((char) c))
                        .count());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void summary_withHardlyRoomLeft_isNeverTooLong(int room) {
        String big = "x".repeat(NewTurn.MAX_LENGTH - "tool_result: ".length() - room);

        String summary = summary(saying("{\"a\":\"x\",\"b\":\"earlier\",\"c\":\"y\"}", "x", "earlier", big));

        assertThat(summary).hasSizeLessThanOrEqualTo(NewTurn.MAX_LENGTH).endsWith(big);
    }

    @Test
    void summary_whereTheScanOnlyObserves_hidesWhatItFound() {
        ScanPolicy observing = new ScanPolicy(Mode.OBSERVE, null, null, null, null, null);
        Bundle bundle = Bundles.of(observing);
        Exchange received = Exchanges.received(Headers.NONE, null, Exchanges.policy(bundle, Map.of()));
        Exchange call = Exchanges.routed(received, List.of())
                .withContent(content("{\"a\":\"x\",\"b\":\"secret\",\"c\":\"y\"}", "x", "secret", "y"));

        assertThat(summary(call)).as("not scanned yet").doesNotContain("secret");
        assertThat(summary(call.withVerdict(SCANNED))).contains("secret");
        assertThat(summary(call.withVerdict(new Verdict("scan", "would_deny", "c", List.of("aws_key"), "", 1))))
                .doesNotContain("secret");
        assertThat(summary(call.withVerdict(new Verdict("scan", "proceed", "ok", List.of("email"), "", 1))))
                .doesNotContain("secret");
    }

    private String summary(Exchange call) {
        return drafter.draft(call, "r", "because", Duration.ofMinutes(1), null, ReviewPolicy.DEFAULT)
                .summary();
    }

    /** A call whose body has three members: history, a new user text, a new tool result. */
    private static Exchange saying(String body, String old, String user, String result) {
        return Exchanges.routed(List.of())
                .withContent(content(body, old, user, result))
                .withVerdict(SCANNED);
    }

    private static Content content(String body, String old, String user, String result) {
        var json = Exchanges.content(body, Facts.NOTHING).json();
        List<Text> texts = List.of(
                text(json.get("a"), old, Place.USER, false),
                text(json.get("b"), user, Place.USER, true),
                text(json.get("c"), result, Place.TOOL_RESULT, true));
        return Exchanges.content(
                body, new Facts("m", -1, -1, false, null, 1, true, texts, List.of(), List.of(), null, null));
    }

    private static Text text(Json at, String value, Place place, boolean isNew) {
        return new Text(value, place, "p", at.start(), at.end(), true, isNew);
    }
}
