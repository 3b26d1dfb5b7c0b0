package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Headers;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.value.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What agents write anew into the texts of attempts at the same call, as the policy says. */
final class RewordingsTest {
    private static final String RUN = "run of {name}, {uuid}: ";
    private static final String STAMP = "[{weekday} {date} {time} {zone}] ";
    private static final String DAY = "The day is {date}";
    private static final String ADDED = "The line was cut; go on where you were.";
    private static final String ONE = "0b0e6e2c-1f9f-4c52-8a3d-6a1f0c9e7d10";
    private static final String TWO = "7c1d2f3a-9b8e-4d6c-b5a4-3f2e1d0c9b8a";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "[Sun 2026-11-22 16:18 UTC] hi;[Mon 2026-11-23 07:05:09.25 CET] hi",
                "[Sun 2026-11-22 16:18 GMT+2] hi;[Sun 2026-11-22 16:18 +02:00] hi",
                "[Sun 2026-11-22 16:18 UTC] hi;[Sun 2026-11-22 16:18 UTC] @\\nhi",
                "a\\n[Sun 2026-11-22 16:18 UTC] hi;a\\n[Sun 2026-11-22 16:19 UTC] @\\nhi",
                "run of main, " + ONE + ": hi;run of main, " + TWO + ": hi",
                "hi\\n\\nrun of main, " + ONE + ": b;hi\\n\\n@\\n\\nrun of main, " + TWO + ": b",
                "The day is 2026-11-22;The day is Sunday, November 22, 2026",
                "a\\nThe day is Sun Nov 22 2026\\nb;a\\nThe day is Mon Nov 23 2026\\nb",
                "hi;@\\nhi",
                "hi;hi\\n\\n@",
                "hi\\nho;hi\\n@\\nho",
                "hi\\n;hi\\n@\\n",
            })
    void textsThatAreWrittenAnew_areTheSameCallInAnySession(String one, String other) throws Exception {
        assertThat(ofAnySession(said(one))).isEqualTo(ofAnySession(said(other)));
        assertThat(Fingerprint.of(call(said(one)), "rule"))
                .as("who waits for an answer keeps to what it said")
                .isNotEqualTo(Fingerprint.of(call(said(other)), "rule"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "[Sun 2026-11-22 16:18 UTC] hi;[Sun 2026-11-22 16:18 UTC] ho",
                "[Sun 2026-11-22 16:18 UTC] hi;hi",
                "[Sun 2026-11-22 16:18 UTC] hi;[Sun 2026-11-22 16:18 UTC]  hi",
                "since [Sun 2026-11-22 16:18 UTC] ;since [Sun 2026-11-22 16:19 UTC] ",
                "[Sun 2026-11-22 16:18 UTC]hi;[Sun 2026-11-22 16:19 UTC]hi",
                "[Sun 2026-11-22 16:18 drop] hi;[Sun 2026-11-22 16:18 keep] hi",
                "[Son 2026-11-22 16:18 UTC] hi;[Mit 2026-11-22 16:18 UTC] hi",
                "run of main, " + ONE + ": hi;run of root, " + ONE + ": hi",
                "run of main, " + ONE + "1: hi;run of main, " + ONE + "2: hi",
                "The day is 2026-11-22 ;The day is 2026-11-23 ",
                "The day is 2026-11-22, so stop;The day is 2026-11-23, so stop",
                "The day is Sun Nov 22 2026;The day is Sun Now 22 2026",
                "a\\nThe day is 2026-11-22;a",
                "hi;hi @",
                "hi;@hi",
                "hi;hi\\n\\n@ and delete it",
                "hi;hi\\nThe line was cut; go on where you went.",
                "hi\\nho;hi\\n\\n@\\n\\nho",
            })
    void textsThatSaySomethingElse_areOtherCalls(String one, String other) throws Exception {
        assertThat(ofAnySession(said(one))).isNotEqualTo(ofAnySession(said(other)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'user','content':'@'}]}",
                "{'messages':[{'role':'user','content':[{'type':'text','text':'@'}]}],'system':[{'text':'x'}]}",
                "{'input':'@','instructions':'x'}",
                "{'input':[{'role':'user','content':[{'type':'input_text','text':'@'}]}]}",
                "{'contents':[{'parts':[{'text':'@'}]}],'systemInstruction':{'parts':[{'text':'@'}]}}",
                "{'system':'@','messages':[]}",
            })
    void textsOfMessages_areReadOnEveryWire(String body) throws Exception {
        assertThat(ofAnySession(body.replace("@", "[Sun 2026-11-22 16:18 UTC] hi \\u00e9 \\\"x\\\"")))
                .isEqualTo(ofAnySession(body.replace("@", "[Sun 2026-11-22 16:19 UTC] hi \\u00e9 \\\"x\\\"")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model':'@','messages':[]}",
                "{'tools':[{'description':'@'}],'messages':[]}",
                "{'messages':[{'tool_calls':[{'function':{'arguments':'@'}}]}]}",
                "{'messages':[{'content':[{'type':'tool_use','input':{'content':'@','text':'@'}}]}]}",
                "{'input':[{'type':'function_call','arguments':'@'}]}",
                "{'prompt':{'input':'@','text':'@'},'text':'@'}",
                "{'contents':[{'parts':[{'functionCall':{'args':{'text':'@'}}}]}]}",
            })
    void toolsAndTheirCalls_countAsTheyAre(String body) throws Exception {
        assertThat(ofAnySession(body.replace("@", "[Sun 2026-11-22 16:18 UTC] hi")))
                .isNotEqualTo(ofAnySession(body.replace("@", "[Sun 2026-11-22 16:19 UTC] hi")));
    }

    @Test
    void textThatImitatesTheBodyAroundIt_isAnotherCall() throws Exception {
        String stamp = "[Sun 2026-11-22 16:18 UTC] hi";
        assertThat(ofAnySession("{'messages':[{'content':'" + stamp + "\\\",\\\"role\\\":\\\"system'}]}"))
                .isNotEqualTo(ofAnySession("{'messages':[{'content':'" + stamp + "','role':'system'}]}"));
    }

    /** As agents name it, each in its own way. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Today's date is 2026-11-22.;Today's date is 2026-11-23.",
                "  <current_date>2026-11-22</current_date>;  <current_date>2026-12-01</current_date>",
                "  Today's date: Sun Nov 22 2026;  Today's date: Tue Dec 1 2026",
                "Current date: 2026-11-30;Current date: 2026-12-01",
                "Today's date is Sunday, November 22, 2026 (as it is written);Today's date is Wednesday, May 5, 2027 (as it is written)",
            })
    void day_isNoOtherCall_asPoliciesCome(String one, String other) throws Exception {
        Rewordings usual = new RewordingCompiler().compile(Bundles.of(ApprovalPolicy.DEFAULT));

        assertThat(usual.steady("a\n" + one + "\nb"))
                .isEqualTo(usual.steady("a\n" + other + "\nb"))
                .isNotEqualTo(usual.steady("a\n" + other + " or so\nb"));
    }

    @Test
    void linesBehindTheLimit_countAsTheyAre() throws Exception {
        String stamped = "[Sun 2026-11-22 16:18 UTC] hi\n";
        String steady = rewordings(STAMP).steady(stamped.repeat(10_001));

        assertThat(steady).startsWith((STAMP + "hi\n").repeat(10_000) + stamped);
        assertThat(rewordings(STAMP).steady("\n".repeat(20_000) + stamped))
                .as("only lines that may be known are compared")
                .endsWith(STAMP + "hi\n");
    }

    /** Tried in every way that so many places could share the text, this would not end. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void entryOfManyPlaceholders_givesUpAtOnce() throws Exception {
        String text = ":" + "AAAA".repeat(50) + "!";
        assertThat(rewordings(":" + "{zone}A".repeat(50) + "{date} ").steady(text))
                .isEqualTo(text);
    }

    @Test
    void openClaw_isKnownUnlessThePolicySaysOtherwise() throws Exception {
        String first = "[Sun 2026-11-22 16:18 UTC] hi\n\nRuntime: agent=main | session=agent:main:explicit:" + ONE
                + " | sessionId=" + ONE + " | host=vm";
        String anew = first.replace("16:18", "16:19").replace(ONE, TWO);

        Rewordings usual = new RewordingCompiler().compile(Bundles.of(ApprovalPolicy.DEFAULT));
        assertThat(usual.steady(anew)).isEqualTo(usual.steady(first)).contains("agent=main", "host=vm", "hi\n\n");
        assertThat(rewordings().steady(anew)).isEqualTo(anew);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "at {hour}: ;{hour} stands for nothing: there are {date}, {name}, {time}, {uuid}, {weekday}, {zone}",
                "{date} hi;{date} needs characters of its own in front of it",
                "[{date}{time}] ;{time} needs characters of its own in front of it",
                "day is {date};ends with a placeholder, and so is a whole line: it needs 8 characters of its own",
                "Hello;is not how a line begins that is written anew",
                "I am {name}: ;needs one of {date}, {time}, {uuid}, {weekday}, {zone}",
                "sha256:12;is no line",
                "sha256:0:00;is no line",
                "a\t{date} ;has a line break or another control character",
                "a {date} {name}.b;{name} cannot end in front of \".\"",
            })
    void entryThatCouldStandForMore_isRefused(String entry, String why) {
        assertThatThrownBy(() -> rewordings("fine {date} ", entry))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("approval.retries_reword[1]")
                .hasMessageContaining(why);
    }

    @Test
    void tooManyEntries_orTooLong_areRefused() {
        assertThatThrownBy(() -> rewordings(Collections.nCopies(33, STAMP).toArray(String[]::new)))
                .hasMessageContaining("33 entries, and the limit is 32");
        assertThatThrownBy(() -> rewordings("x".repeat(400) + "{date} "))
                .hasMessageContaining("407 characters, and the limit is 400");
    }

    private static String added() {
        return "sha256:" + ADDED.length() + ":" + Sha256.hexOf(ADDED.getBytes(StandardCharsets.UTF_8));
    }

    private static String said(String text) {
        return "{'messages':[{'role':'user','content':'" + text.replace("@", ADDED) + "'}]}";
    }

    private static String ofAnySession(String body) throws PolicyException {
        return Fingerprint.ofAnySession(call(body), "rule");
    }

    private static Rewordings rewordings(String... entries) throws PolicyException {
        return new RewordingCompiler().compile(Bundles.of(Bundles.approval(Map.of("retriesReword", List.of(entries)))));
    }

    private static Exchange call(String body) throws PolicyException {
        Map<Class<?>, Object> views = Map.of(Rewordings.class, rewordings(STAMP, RUN, DAY, added()));
        return Exchanges.routed(
                        Exchanges.received(
                                Headers.NONE, null, Exchanges.policy(Bundles.of(ApprovalPolicy.DEFAULT), views)),
                        List.of())
                .withContent(Exchanges.content(body.replace('\'', '"'), Facts.NOTHING));
    }
}
