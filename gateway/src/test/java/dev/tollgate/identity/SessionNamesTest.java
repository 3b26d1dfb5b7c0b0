package dev.tollgate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Text;
import dev.tollgate.value.SessionId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SessionNamesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final Headers TRACED = Headers.of("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01");

    @Test
    void headers_naming_winInTheOrderOfTheDesign() {
        assertThat(SessionNames.fromHeaders(Headers.of("x-session-id", "e", "thread-id", "d", "session-id", "c")))
                .contains(new SessionId("c"));
        assertThat(SessionNames.fromHeaders(
                        Headers.of("session-id", "c", "X-Claude-Code-Session-Id", "b", "X-Tollgate-Session", "a")))
                .contains(new SessionId("a"));
        assertThat(SessionNames.fromHeaders(TRACED)).isEmpty();
    }

    @Test
    void headers_blank_areSkipped() {
        assertThat(SessionNames.fromHeaders(Headers.of("x-tollgate-session", "  ", "x-session-id", " e ")))
                .contains(new SessionId("e"));
    }

    @Test
    void headers_withTheBaggageOfATrace_nameItsConversation() {
        assertThat(SessionNames.fromHeaders(Headers.of(
                        "baggage",
                        "user=ann, gen_ai.conversation.id = conv%201;ttl=9 ,session.id=s-1",
                        "x-other",
                        "1")))
                .contains(new SessionId("conv_1~" + hashOf("conv 1")));
        assertThat(SessionNames.fromHeaders(Headers.of("baggage", "session.id=s-1")))
                .contains(new SessionId("s-1"));
        assertThat(SessionNames.fromHeaders(Headers.of("baggage", "session.id=s-1", "x-session-id", "own")))
                .contains(new SessionId("own"));
        for (String nothing : List.of("", "session.id", "session.id=", "session.id=%zz", "xsession.id=1", ",,;=")) {
            assertThat(SessionNames.fromHeaders(Headers.of("baggage", nothing)))
                    .as(nothing)
                    .isEmpty();
        }
    }

    private static String hashOf(String name) {
        return SessionNames.plain(name).substring(name.length() + 1);
    }

    @Test
    void headers_withOddOrLongValues_becomeDistinctSessionIds() {
        SessionId one =
                SessionNames.fromHeaders(Headers.of("x-session-id", "café 1")).orElseThrow();
        SessionId two =
                SessionNames.fromHeaders(Headers.of("x-session-id", "cafè 1")).orElseThrow();
        SessionId longest = SessionNames.fromHeaders(Headers.of("x-session-id", "x".repeat(10_000)))
                .orElseThrow();

        assertThat(one.value()).startsWith("caf__1~");
        assertThat(one).isNotEqualTo(two);
        assertThat(longest.value()).hasSizeLessThanOrEqualTo(256);
    }

    @Test
    void content_withItsOwnLabel_winsOverTraceAndConversation() {
        assertThat(SessionNames.fromContent(facts("cache-key", user("hi")), TRACED))
                .contains(new SessionId("cache-key"));
    }

    @Test
    void content_withoutLabel_takesTheTrace() {
        assertThat(SessionNames.fromContent(facts(null, user("hi")), TRACED)).contains(new SessionId(TRACE));
        assertThat(SessionNames.fromContent(facts(null), Headers.of("traceparent", "00-" + TRACE + "-x")))
                .isEmpty();
        assertThat(SessionNames.fromContent(
                        facts(null), Headers.of("traceparent", "00-" + "0".repeat(32) + "-b7ad6b7169203331-01")))
                .isEmpty();
    }

    @Test
    void conversation_growing_keepsItsSession() {
        Text system = text("be brief", Place.SYSTEM, "messages[0].content");
        Text first = text("hello", Place.USER, "messages[1].content[0].text");
        Text also = text("there", Place.USER, "messages[1].content[1].text");
        Text answer = text("hi", Place.ASSISTANT, "messages[2].content");
        Text later = text("bye", Place.USER, "messages[3].content");

        Optional<SessionId> atFirst = SessionNames.fromContent(facts(null, system, first, also), Headers.NONE);
        Optional<SessionId> thereafter =
                SessionNames.fromContent(facts(null, system, first, also, answer, later), Headers.NONE);

        assertThat(atFirst).isPresent().isEqualTo(thereafter);
        assertThat(atFirst.orElseThrow().value()).matches("conversation-[0-9a-f]{32}");
    }

    @Test
    void conversation_beginningOtherwise_isAnotherSession() {
        Optional<SessionId> one = SessionNames.fromContent(facts(null, user("hello")), Headers.NONE);

        assertThat(SessionNames.fromContent(facts(null, user("hullo")), Headers.NONE))
                .isPresent()
                .isNotEqualTo(one);
        assertThat(SessionNames.fromContent(
                        facts(null, text("s", Place.SYSTEM, "system"), user("hello")), Headers.NONE))
                .isPresent()
                .isNotEqualTo(one);
    }

    @Test
    void callWithoutConversation_hasNoSession() {
        assertThat(SessionNames.fromContent(Facts.NOTHING, Headers.NONE)).isEmpty();
    }

    private static Text user(String value) {
        return text(value, Place.USER, "messages[0].content");
    }

    private static Text text(String value, Place place, String path) {
        return new Text(value, place, path, 0, 0, true, true);
    }

    private static Facts facts(String label, Text... texts) {
        return new Facts("m", -1, -1, false, null, 1, true, List.of(texts), List.of(), List.of(), label, null);
    }
}
