package dev.tollgate.wire;

import static dev.tollgate.wire.Replies.feed;
import static dev.tollgate.wire.Replies.meter;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What meters keep of replies to count their tokens by. */
final class RelayedTextTest {
    private static List<String> relayed(String wire, String... events) {
        ReplyMeter meter = meter(wire);
        var unused = feed(meter, events);
        return meter.output().take().texts();
    }

    @Test
    void text_isUnescaped() {
        assertThat(
                        relayed(
                                "openai_chat",
                                "data: {'choices':[{'index':0,'delta':{'content':'Hel'}}]}",
                                "data: {'choices':[{'index':0,'delta':{'content':'l\\u00f6 😀 \\n\\t\\\\\\/'},'finish_reason':'stop'}]}"))
                .containsExactly("Hellö 😀 \n\t\\/");
    }

    @Test
    void pairOfEscapes_isOneCharacter_andABrokenOneIsNone() {
        RelayedText text = new RelayedText();
        byte[] json = "\\ud83d\\ude00 \\u12zz \\".getBytes(UTF_8);

        text.add(0, json, 0, json.length);

        assertThat(text.bytes()).isEqualTo(json.length);
        assertThat(text.take().texts())
                .singleElement()
                .asString()
                .startsWith("😀 \uFFFD")
                .endsWith("\\");
        assertThat(text.bytes()).isZero();
        assertThat(text.take().texts()).isEmpty();
    }

    @Test
    void choices_areKeptApart() {
        assertThat(relayed(
                        "openai_chat",
                        "data: {'choices':[{'index':0,'delta':{'content':'one '}}]}",
                        "data: {'choices':[{'index':1,'delta':{'content':'two '}}]}",
                        "data: {'choices':[{'index':0,'delta':{'content':'three'}},{'index':1,'delta':{'content':'four'}}]}",
                        "data: {'choices':[{'index':9999,'delta':{'content':'many'}}]}"))
                .containsExactly("one three", "two four", "many");
    }

    @Test
    void thoughtsAndToolCalls_areOutputToo() {
        assertThat(
                        relayed(
                                "openai_chat",
                                "data: {'choices':[{'index':0,'delta':{'reasoning_content':'hm '}}]}",
                                "data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'call_1','function':{'name':'look','arguments':'{'}}]}}]}"))
                .containsExactly("hm look{");
        assertThat(
                        relayed(
                                "anthropic_messages",
                                "event: content_block_delta\ndata: {'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'hm '}}",
                                "event: content_block_start\ndata: {'type':'content_block_start','index':1,'content_block':{'type':'tool_use','id':'t','name':'look','input':{}}}",
                                "event: content_block_delta\ndata: {'type':'content_block_delta','index':1,'delta':{'type':'input_json_delta','partial_json':'{}'}}"))
                .containsExactly("hm look{}");
        assertThat(relayed(
                        "openai_responses",
                        "data: {'type':'response.reasoning_summary_text.delta','delta':'hm '}",
                        "data: {'type':'response.function_call_arguments.delta','delta':'{}','item_id':'i'}"))
                .containsExactly("hm {}");
    }

    @Test
    void geminisCalls_areKeptAsTheyAreWritten() {
        assertThat(relayed(
                        "gemini_generate",
                        "data: {'candidates':[{'content':{'parts':[{'text':'Now '},{'functionCall':{'name':'look','args':{'a':[1,{'name':'}'}]}}}]}}]}",
                        "data: {'candidates':[{'content':{'parts':[{'text':'!'}]}}]}"))
                .containsExactly("Now {\"name\":\"look\",\"args\":{\"a\":[1,{\"name\":\"}\"}]}}!");
        assertThat(relayed("gemini_generate", "data: {'candidates':[{'functionCall':{'a':["))
                .containsExactly("{\"a\":[");
    }

    @Test
    void callsOfTools_haveTokensThatNoEventShows() {
        ReplyMeter meter = meter("openai_responses");
        var unused = feed(
                meter,
                "data: {'type':'response.output_item.added','item':{'id':'r','type':'reasoning','content':[]}}",
                "data: {'type':'response.output_item.added','item':{'id':'i','type':'function_call','name':'look','arguments':''}}",
                "data: {'type':'response.function_call_arguments.delta','delta':'{}','item_id':'i'}",
                "data: {'type':'response.output_item.done','item':{'id':'i','type':'function_call','name':'look','arguments':'{}'}}");

        assertThat(meter.output().bytes()).isEqualTo(2 + RelayedText.CALL_TOKENS);
        assertThat(meter.output().take()).isEqualTo(new RelayedText.Piece(List.of("{}"), RelayedText.CALL_TOKENS));
    }

    @Test
    void whatTheModelOnlyRead_isNoOutput() {
        assertThat(
                        relayed(
                                "anthropic_messages",
                                "event: content_block_start\ndata: {'type':'content_block_start','index':1,'content_block':{'type':'mcp_tool_result','content':[{'type':'text','text':'found'}]}}"))
                .isEmpty();
        assertThat(
                        relayed(
                                "openai_chat",
                                "data: {'choices':[{'index':0,'delta':{'annotations':[{'url_citation':{'content':'found'}}],'content':'said'}}]}"))
                .containsExactly("said");
    }

    @Test
    void framesOfEvents_areNoOutput() {
        assertThat(relayed(
                        "anthropic_messages",
                        "event: message_start\ndata: {'type':'message_start','message':{'model':'m','usage':{'input_tokens':1}}}",
                        "event: ping\ndata: {'type':'ping'}"))
                .isEmpty();
        assertThat(relayed(
                        "openai_responses", "data: {'type':'response.created','response':{'instructions':'be kind'}}"))
                .isEmpty();
    }

    @Test
    void body_withoutUsage_isKept() {
        ReplyMeter meter = meter("openai_chat");

        meter.onBody(
                "{\"choices\":[{\"message\":{\"content\":\"12345\",\"tool_calls\":[{\"function\":{\"arguments\":\"{}\"}}]}}]}"
                        .getBytes(UTF_8));

        assertThat(meter.reported()).isNull();
        assertThat(meter.output().take().texts()).containsExactly("12345{}");
    }
}
