package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Headers;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.ApprovalPolicy.ReorderEntry;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.PolicyException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What agents list in another order at each start, as the policy says: their skills, in texts and in what they say of tools. */
final class ReorderingsTest {
    private static final ReorderEntry SKILLS = new ReorderEntry("Skills: <", "> <", ">.");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Skills: <a> <b> <c>.;Skills: <c> <a> <b>.",
                "x Skills: <a> <b>. y Skills: <c> <d>. z;x Skills: <b> <a>. y Skills: <d> <c>. z",
                "Skills: <a> <a> <b>.;Skills: <b> <a> <a>.",
                "Skills: <a> <b> Skills: <c>.;Skills: <b> Skills: <c> <a>.",
            })
    void listsInAnotherOrder_areTheSameCallInAnySession(String one, String other) throws Exception {
        for (String body : List.of(
                "{'systemInstruction':{'parts':[{'text':'@'}]}}",
                "{'messages':[{'role':'system','content':'@'}]}",
                "{'tools':[{'type':'function','function':{'name':'x','description':'@'}}]}",
                "{'tools':[{'functionDeclarations':[{'parameters':{'properties':{'y':{'description':'@'}}}}]}]}")) {
            String first = body.replace("@", one);
            String second = body.replace("@", other);
            assertThat(ofAnySession(first)).as(body).isEqualTo(ofAnySession(second));
            assertThat(Fingerprint.of(call(first), "rule"))
                    .as("who waits for an answer keeps to what it said")
                    .isNotEqualTo(Fingerprint.of(call(second), "rule"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Skills: <a> <b>.;Skills: <a> <c>.",
                "Skills: <a> <b>.;Skills: <a> <b> <b>.",
                "Skills: <a> <b>.;Skills: <a b>.",
                "Skills: <a> <b>.;Skills: <b> <a> .",
                "Skills: <a> <b>;Skills: <b> <a>",
                "Tools: <a> <b>.;Tools: <b> <a>.",
                "Skills: <a> <b>. <c>.;Skills: <a> <c>. <b>.",
                "Skills: <a>. Skills: <b>.;Skills: <b>. Skills: <a>.",
            })
    void textsThatSaySomethingElse_areOtherCalls(String one, String other) throws Exception {
        for (String body :
                List.of("{'messages':[{'content':'@'}]}", "{'tools':[{'function':{'name':'x','description':'@'}}]}")) {
            assertThat(ofAnySession(body.replace("@", one))).isNotEqualTo(ofAnySession(body.replace("@", other)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'tools':[{'name':'a'},{'name':'b'}]};{'tools':[{'name':'b'},{'name':'a'}]}",
                "{'tools':[{'functionDeclarations':[{'name':'a'},{'name':'b'}]}]};{'tools':[{'functionDeclarations':[{'name':'b'},{'name':'a'}]}]}",
                "{'tools':[{'s':{'p':{'enum':['a','b', 'c']}}}]};{'tools':[{'s':{'p':{'enum':['c','a', 'b']}}}]}",
                "{'tools':[{'n':1,'enum':['a','b']},{'n':2}]};{'tools':[{'n':2},{'n':1,'enum':['b','a']}]}",
                "{'functions':[{'name':'a'},{'name':'b'}]};{'functions':[{'name':'b'},{'name':'a'}]}",
            })
    void toolsInAnotherOrder_andWhatAParameterMayBe_areTheSameCallInAnySession(String one, String other)
            throws Exception {
        assertThat(ofAnySession(one)).isEqualTo(ofAnySession(other));
        assertThat(Fingerprint.of(call(one), "rule")).isNotEqualTo(Fingerprint.of(call(other), "rule"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'tools':[{'name':'a'},{'name':'b'}]};{'tools':[{'name':'a'}]}",
                "{'tools':[{'name':'a'}]};{'tools':[{'name':'a'},{'name':'a'}]}",
                "{'tools':[{'name':'a','x':1},{'name':'b'}]};{'tools':[{'name':'a'},{'name':'b','x':1}]}",
                "{'tools':[{'required':['a','b']}]};{'tools':[{'required':['b','a']}]}",
                "{'tools':[{'s':{'p':{'enum':['a','b']}}}]};{'tools':[{'s':{'p':{'enum':['a','b','c']}}}]}",
                "{'tools':[{'s':{'enum':['a']},'t':{'enum':['b']}}]};{'tools':[{'s':{'enum':['b']},'t':{'enum':['a']}}]}",
                "{'tools':[{'description':'a'}]};{'tools':[{'description':['a']}]}",
                "{'tools':[{'description':'a'}]};{'tools':[{'describes':'a'}]}",
                "{'tools':{'a':[1,2]}};{'tools':{'a':[2,1]}}",
                "{'tools':[]};{'tools':{}}",
                "{'messages':[{'content':'a'},{'content':'b'}]};{'messages':[{'content':'b'},{'content':'a'}]}",
                "{'messages':[{'tool_calls':[{'enum':['a','b']}]}]};{'messages':[{'tool_calls':[{'enum':['b','a']}]}]}",
                "{'tool_choice':{'tools':['a','b']}};{'tool_choice':{'tools':['b','a']}}",
            })
    void otherTools_areOtherCalls(String one, String other) throws Exception {
        assertThat(ofAnySession(one)).isNotEqualTo(ofAnySession(other));
    }

    /** How Gemini CLI says which skills it has found. */
    @Test
    void skillsOfGeminiCli_areKnownAsItComes() throws Exception {
        Rewordings usual = new RewordingCompiler().compile(Bundles.of(ApprovalPolicy.DEFAULT));

        String text = "You know:\n<available_skills>\n%s\n</available_skills>\nEnd.";
        assertThat(usual.steady(text.formatted(skill("a") + "\n" + skill("b"))))
                .isEqualTo(usual.steady(text.formatted(skill("b") + "\n" + skill("a"))))
                .isEqualTo(text.formatted(skill("a") + "\n" + skill("b")));
        assertThat(usual.inOrder("Opens one (Available: 'b', 'a'). Use it."))
                .isEqualTo("Opens one (Available: 'a', 'b'). Use it.");
    }

    @Test
    void listsWithMoreItemsThanTheLimit_countAsTheyAre() throws Exception {
        Rewordings rewordings = rewordings(SKILLS);
        String most = IntStream.range(0, 1000).mapToObj(i -> "<" + (999 - i)).collect(Collectors.joining("> "));

        assertThat(rewordings.inOrder("Skills: " + most + ">.")).startsWith("Skills: <0> <1> <10>");
        assertThat(rewordings.inOrder("Skills: " + most + "> <x>.")).startsWith("Skills: <999> <998>");
    }

    @Test
    void listsThatNeverEnd_takeNoTime() throws Exception {
        String text = "Skills: <".repeat(1_000_000);

        assertThat(rewordings(SKILLS).inOrder(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"begins", "between", "ends"})
    void entryThatIsFoundEverywhere_orTooLong_isRefused(String member) {
        for (String text : List.of("", "x".repeat(401))) {
            ReorderEntry entry = new ReorderEntry(
                    member.equals("begins") ? text : SKILLS.begins(),
                    member.equals("between") ? text : SKILLS.between(),
                    member.equals("ends") ? text : SKILLS.ends());
            assertThatThrownBy(() -> rewordings(SKILLS, entry))
                    .isInstanceOf(PolicyException.class)
                    .hasMessageContaining("approval.retries_reorder[1]." + member)
                    .hasMessageContaining(text.length() + " characters, and it needs");
        }
        assertThatThrownBy(() -> rewordings(new ReorderEntry("Skills:", ", ", ".")))
                .hasMessageContaining("approval.retries_reorder[0].begins: 7 characters, and it needs 8 to 400");
    }

    @Test
    void tooManyEntries_areRefused() {
        assertThatThrownBy(() -> rewordings(Collections.nCopies(33, SKILLS).toArray(ReorderEntry[]::new)))
                .hasMessageContaining("approval.retries_reorder: 33 entries, and the limit is 32");
    }

    private static String skill(String name) {
        return "  <skill>\n    <name>" + name + "</name>\n  </skill>";
    }

    private static String ofAnySession(String body) throws PolicyException {
        return Fingerprint.ofAnySession(call(body), "rule");
    }

    private static Rewordings rewordings(ReorderEntry... entries) throws PolicyException {
        return new RewordingCompiler()
                .compile(Bundles.of(Bundles.approval(Map.of("retriesReorder", List.of(entries)))));
    }

    private static Exchange call(String body) throws PolicyException {
        Map<Class<?>, Object> views = Map.of(Rewordings.class, rewordings(SKILLS));
        return Exchanges.routed(
                        Exchanges.received(
                                Headers.NONE, null, Exchanges.policy(Bundles.of(ApprovalPolicy.DEFAULT), views)),
                        List.of())
                .withContent(Exchanges.content(body.replace('\'', '"'), Facts.NOTHING));
    }
}
