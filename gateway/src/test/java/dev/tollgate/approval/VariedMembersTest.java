package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Headers;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.value.SessionId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What attempts at the same call may differ in, as the policy says. */
final class VariedMembersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "nonce; ,'nonce':1; ,'nonce':{'a':[2]}",
                "nonce; ; ,'nonce':2",
                "client.attempt; ,'client':{'attempt':1,'name':'x'}; ,'client':{'name':'x','attempt':2}",
                "client.attempt; ,'client':{'name':'x'}; ,'client':{'name':'x','attempt':2}",
                "client.*.at; ,'client':{'a':{'at':1},'b':{'at':2}}; ,'client':{'a':{},'b':{'at':3}}",
                "client.*.at; ,'client':[{'at':1},{'at':2}]; ,'client':[{'at':3},{'at':4}]",
                "client.*; ,'client':{'a':1}; ,'client':{}",
                "client.a.*.b; ,'client':{'a':[{'b':1,'c':0}]}; ,'client':{'a':[{'c':0,'b':5}]}",
            })
    void attempts_thatDifferInWhatIsVaried_areTheSameCall(String path, String one, String other) throws Exception {
        assertThat(of(body(one), path)).isEqualTo(of(body(other), path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "client.attempt; ,'client':{'attempt':1,'name':'x'}; ,'client':{'attempt':1,'name':'y'}",
                "client.attempt; ,'client':{'attempt':1}; ,'client':[{'attempt':1}]",
                "client.attempt; ,'client':{'inner':{'attempt':1}}; ,'client':{'inner':{'attempt':2}}",
                "client.*.at; ,'client':[{'at':1}]; ,'client':[{'at':1},{'at':1}]",
                "client.*.at; ,'client':[{'at':1}]; ,'client':{'0':{'at':1}}",
                "client.*.at; ,'client':{'a':{},'b':{}}; ,'client':{'a':{'b':{}}}",
                "nonce; ,'nonce':1; ,'nonce':1,'user':'x'",
                "nonce; ,'stream':true; ,'stream':false",
            })
    void attempts_thatDifferInAnythingElse_areOtherCalls(String path, String one, String other) throws Exception {
        assertThat(of(body(one), path)).isNotEqualTo(of(body(other), path));
    }

    @Test
    void changedPrompt_isAnotherCall_whateverIsVaried() throws Exception {
        assertThat(of("{'messages':[{'content':'hi'}],'nonce':1}", "nonce"))
                .isNotEqualTo(of("{'messages':[{'content':'ho'}],'nonce':1}", "nonce"));
    }

    @Test
    void sessionTakenFromWhatIsVaried_isLeftOutToo() throws Exception {
        String path = "prompt_cache_key";

        assertThat(session("one", path)).isEqualTo(session("two", path));
        assertThat(session("one", "nonce")).isNotEqualTo(session("two", "nonce"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "messages",
                "messages.*.id",
                "model",
                "tools",
                "system",
                "input",
                "contents",
                "systemInstruction",
                "system_instruction",
                "previous_response_id",
                "max_tokens",
                "Messages",
                "tool_choice",
                "toolConfig"
            })
    void pathIntoWhatCarriesMeaning_isRefused(String path) {
        assertThatThrownBy(() -> of("{}", path))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("approval.retries_vary[0]")
                .hasMessageContaining("\"" + path + "\" cannot be left out")
                .hasMessageContaining("could be changed after a person has agreed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "/metadata", "a b", "a.", "a.**", "metadata[0]"})
    void pathThatIsNone_isRefused(String path) {
        assertThatThrownBy(() -> of("{}", path))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("is no path");
    }

    @Test
    void everyMember_andTooMuch_areRefused() {
        assertThatThrownBy(() -> of("{}", "*")).hasMessageContaining("about every member of the body");
        assertThatThrownBy(() -> of("{}", "a.b.c.d.e.f.g.h.i")).hasMessageContaining("the limit is 8");
        String[] many = new String[65];
        java.util.Arrays.setAll(many, i -> "m" + i);
        assertThatThrownBy(() -> of("{}", many)).hasMessageContaining("65 paths, and the limit is 64");
    }

    private static String body(String more) {
        return "{'model':'m','messages':[{'content':'hi'}]" + (more == null ? "" : more) + "}";
    }

    private static String session(String name, String... paths) throws PolicyException {
        Exchange call = call("{'prompt_cache_key':'" + name + "','nonce':1}", paths);
        return Fingerprint.of(call.withCaller(call.caller().withSession(new SessionId(name))), "rule");
    }

    private static String of(String body, String... paths) throws PolicyException {
        return Fingerprint.of(call(body, paths), "rule");
    }

    private static Exchange call(String body, String... paths) throws PolicyException {
        Bundle bundle = Bundles.of(Bundles.approval(Map.of("retriesVary", List.of(paths))));
        Map<Class<?>, Object> views = Map.of(VariedMembers.class, new VariedCompiler().compile(bundle));
        return Exchanges.routed(Exchanges.received(Headers.NONE, null, Exchanges.policy(bundle, views)), List.of())
                .withContent(Exchanges.content(body.replace('\'', '"'), Facts.NOTHING));
    }
}
