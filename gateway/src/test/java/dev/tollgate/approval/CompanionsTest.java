package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.ApprovalPolicy.CompanionEntry;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.value.Sha256;
import dev.tollgate.wire.Wire;
import dev.tollgate.wire.Wires;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompanionsTest {
    private static final String FINDS = "You find titles. Answer with one.";
    private static final String ASKS = "A title for this:";
    private static final String ROUTES = "You say how hard it is.";
    private static final String OWN =
            "{'messages':[{'role':'system','content':'You write code.'},{'role':'user','content':'hello'}],'tools':[{'type':'function','function':{'name':'run'}}]}";
    private static final String TITLE =
            "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "chat/completions;{'messages':[{'role':'system','content':'x'},{'role':'user','content':'hello'}]};{'temperature':0.5,'stream':true,'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}]}",
                "responses;{'input':[{'role':'developer','content':'x'},{'role':'user','content':[{'type':'input_text','text':'hello'}]}],'prompt_cache_key':'s'};{'input':[{'role':'developer','content':'@1'},{'role':'user','content':[{'type':'input_text','text':'@2'}]},{'role':'user','content':[{'type':'input_text','text':'hello'}]}],'reasoning':{'effort':'low','summary':'auto'},'include':['reasoning.encrypted_content']}",
                "messages;{'system':'x','messages':[{'role':'user','content':[{'type':'text','text':'hello'}]}]};{'thinking':{'type':'disabled'},'system':[{'type':'text','text':'@1'}],'messages':[{'role':'user','content':[{'type':'text','text':'@2'},{'type':'text','text':'hello'}]}]}",
                "models/gemini-2.5-flash:generateContent;{'systemInstruction':{'parts':[{'text':'x'}]},'contents':[{'parts':[{'text':'hello'}]}]};{'systemInstruction':{'parts':[{'text':'@1'}]},'contents':[{'parts':[{'text':'@2'},{'text':'hello'}]}]}",
            })
    void companion_onEveryWire_isOfTheTurnWhoseWordsItRepeats(String path, String own, String title) throws Exception {
        Turn turn = turn(path, own);
        Turn companion = turn(path, title);

        assertThat(companion.companion()).isEqualTo("title");
        assertThat(companion.digest()).isEqualTo(turn.digest()).isNotEmpty();
        assertThat(turn.covers(companion)).isTrue();
        assertThat(companion.covers(turn))
                .as("who saw the title's call saw nothing of the other")
                .isFalse();
        assertThat(turn.joinedBy(companion).covers(companion)).as("once").isFalse();
        assertThat(turn.covers(turn(path, own)))
                .as("its retry finds it by its fingerprint")
                .isFalse();
        assertThat(turn.covers(turn(path, title.replace("hello", "hello, and more"))))
                .isFalse();
    }

    /** Whatever a companion brings beside the turn's new words and what the policy names, nobody has seen. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'system','content':'@1 And more.'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}]}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'system','content':'More.'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}]}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'hello'}]}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','content':'hello'},{'role':'user','content':'more'}]}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'old'},{'role':'assistant','content':'yes'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}]}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}],'tools':[{'type':'function','function':{'name':'run'}}]}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}],'response_format':{'type':'json_schema','json_schema':{'description':'more'}}}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}],'previous_response_id':'r'}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}],'web_search_options':{}}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','content':[{'type':'text','text':'hello'},{'type':'image_url','image_url':{'url':'data:image/png;base64,iVBORw0KGgo='}}]}]}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}],'metadata':{'a':'#'}}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','name':'#','content':'hello'}]}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'user','name':'delete_it','content':'hello'}]}",
                "{'messages':[{'role':'system','content':'@1'},{'role':'user','content':'@2'},{'role':'other','content':'no'},{'role':'user','content':'hello'}]}",
            })
    void companion_thatSaysMore_isAskedAboutByItself(String body) throws Exception {
        Turn turn = turn("chat/completions", OWN);
        assertThat(turn.covers(turn("chat/completions", TITLE))).isTrue();

        assertThat(turn.covers(turn("chat/completions", body.replace("#", "delete it ".repeat(21)))))
                .isFalse();
    }

    /** Of responses, a message can bring tools, whose names alone are no texts. */
    @Test
    void companion_withToolsInItsMessages_isAskedAboutByItself() throws Exception {
        String title =
                "{'input':[{'role':'developer','content':'@1'},{'role':'user','content':'@2'},{'role':'user','content':'hello'}@]}";
        Turn turn = turn("responses", "{'input':'hello'}");

        assertThat(turn.covers(turn("responses", title.replace("@]", "]")))).isTrue();
        assertThat(turn.covers(turn(
                        "responses",
                        title.replace("@]", ",{'type':'additional_tools','tools':[{'type':'web_search'}]}]"))))
                .isFalse();
    }

    @Test
    void turns_ofOtherRules_orForOtherProviders_areOthers() throws Exception {
        Exchange own = call("chat/completions", OWN);
        Exchange title = call("chat/completions", TITLE);

        Turn turn = companions().turn(own, "one");
        assertThat(turn.covers(companions().turn(title, "one"))).isTrue();
        assertThat(turn.covers(companions().turn(title, "two"))).isFalse();
        Target another = new Target("another", "gpt-4o-mini");
        assertThat(turn.covers(companions().turn(title.withRoute(new Route(List.of(another), "x")), "one")))
                .as("nobody agreed to send these words there")
                .isFalse();
    }

    @Test
    void ticket_isForCompanionsThatTheSamePeopleDecide_andThatAreNoDearer() {
        Ticket own = Tickets.ofTurn(Tickets.pending("A1", "f1"), "turn", "");
        Ticket title = Tickets.ofTurn(Tickets.pending("B1", "g1"), "turn", "title");
        Ticket unpriced = Tickets.ofTurn(Tickets.unpriced("B2", "g2"), "turn", "title");
        Vote changing = new Vote("ann", true, "", Tickets.NOW, new Edit("messages[0].content", "stop"));

        assertThat(own.coversTurnOf(title)).isTrue();
        assertThat(own.coversTurnOf(Tickets.by(title, "tester", "core"))).isFalse();
        assertThat(own.coversTurnOf(Tickets.by(title, "coder", "search"))).isFalse();
        assertThat(own.coversTurnOf(Tickets.with(title, new Terms(List.of(), 1, List.of("jane"), false))))
                .isFalse();
        assertThat(own.coversTurnOf(unpriced)).as("nobody knows what it costs").isFalse();
        assertThat(own.voted(changing).coversTurnOf(title))
                .as("another turn was approved")
                .isFalse();
        assertThat(own.mayBeJoinedBy(title, Tickets.NOW))
                .as("nobody has approved it")
                .isFalse();
    }

    @Test
    void companionThatLeads_isApprovedWithTheTurnsOwnCall_once() throws Exception {
        Turn own = turn("chat/completions", OWN);
        Turn leading = turn(
                "chat/completions",
                "{'messages':[{'role':'system','content':'@3'},{'role':'user','content':'hello'}],'response_format':{'type':'json_object'}}");

        assertThat(leading.leads()).isTrue();
        assertThat(leading.mayJoin()).as("it comes first").isFalse();
        assertThat(leading.covers(own)).isTrue();
        assertThat(own.covers(leading)).isFalse();
        assertThat(leading.joinedBy(own).covers(own)).isFalse();
        assertThat(companions().mayJoin(own)).isTrue();
        assertThat(usual().mayJoin(own)).as("no leading companion is known").isFalse();
    }

    @Test
    void callWithoutNewWords_orPolicyWithoutCompanions_isOfNoTurn() throws Exception {
        assertThat(turn("chat/completions", "{'messages':[]}")).isEqualTo(Turn.NONE);
        assertThat(new Companions(List.of()).turn(call("chat/completions", OWN), "rule"))
                .isEqualTo(Turn.NONE);
        assertThat(Turn.NONE.covers(Turn.NONE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a title;sha256:1:@;approval.companions[1].name;is no name",
                "title;sha256:1:@;approval.companions[1].name;names another companion already",
                "other;sha256:0:@;approval.companions[1].says[0];is no text",
                "other;A title;approval.companions[1].says[0];is no text",
                "other;;approval.companions[1].says;needs a text",
            })
    void entryThatNamesNoCompanion_isRefused(String name, String says, String place, String why) {
        List<String> texts = says == null ? List.of() : List.of(says.replace("@", "0".repeat(64)));
        assertThatThrownBy(() -> companions(
                        new CompanionEntry("title", List.of(digest(FINDS)), false),
                        new CompanionEntry(name, texts, false)))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining(place)
                .hasMessageContaining(why);
    }

    private static Turn turn(String path, String body) throws Exception {
        return companions().turn(call(path, body), "rule");
    }

    private static Exchange call(String path, String body) throws Exception {
        String json = body.replace("@1", FINDS)
                .replace("@2", ASKS)
                .replace("@3", ROUTES)
                .replace('\'', '"');
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        Json.Obj read = JsonReader.readObject(bytes);
        Wire.Request request = new Wire.Request("POST", path, bytes, "application/json", "application/json", read);
        Facts facts = new Wires().forPath("POST", path).read(request);
        return Exchanges.routed(List.of()).withContent(Exchanges.content(json, facts));
    }

    private static Companions companions() throws PolicyException {
        return companions(
                new CompanionEntry("title", List.of(digest(FINDS), digest(ASKS)), false),
                new CompanionEntry("route", List.of(digest(ROUTES)), true));
    }

    private static Companions usual() throws PolicyException {
        return new CompanionCompiler().compile(Bundles.of(ApprovalPolicy.DEFAULT));
    }

    private static Companions companions(CompanionEntry... entries) throws PolicyException {
        return new CompanionCompiler().compile(Bundles.of(Bundles.approval(Map.of("companions", List.of(entries)))));
    }

    private static String digest(String text) {
        return "sha256:" + text.length() + ":" + Sha256.hexOf(text.getBytes(StandardCharsets.UTF_8));
    }
}
