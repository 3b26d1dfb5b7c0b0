package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Facts;
import dev.tollgate.value.Extras;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ReplyMeterTest {
    private final Wires wires = new Wires();

    private ReplyMeter meter(String wire) {
        return wires.byId(wire).orElseThrow().meter(Facts.NOTHING);
    }

    private static List<Step> feed(ReplyMeter meter, String... events) {
        List<Step> steps = new ArrayList<>();
        SseReader reader = new SseReader(1 << 20);
        SseReader.Sink sink = new SseReader.Sink() {
            @Override
            public void event(byte[] raw, @Nullable String name, byte @Nullable [] data) {
                if (data != null) {
                    steps.add(meter.onEvent(name, data));
                }
            }

            @Override
            public void piece(byte[] raw) {
                throw new AssertionError("no event here is that large");
            }
        };
        for (String event : events) {
            byte[] bytes = (event.replace('\'', '"') + "\n\n").getBytes(UTF_8);
            reader.feed(bytes, 0, bytes.length, sink);
        }
        reader.finish(sink);
        return steps;
    }

    private Usage ofBody(String wire, String body) {
        ReplyMeter meter = meter(wire);
        meter.onBody(body.replace('\'', '"').getBytes(UTF_8));
        return meter.reported();
    }

    private static Usage usage(long input, long cacheRead, long output, long reasoning) {
        return new Usage(input, cacheRead, 0, 0, output, reasoning, 0, 0, 0, 0, null, Usage.Source.REPORTED);
    }

    @Test
    void chatStream_withUsageAskedForByUs_dropsTheUsageChunk() {
        ReplyMeter meter = new ChatMeter(true);

        List<Step> steps = feed(
                meter,
                "data: {'id':'c','model':'m-1','choices':[{'index':0,'delta':{'role':'assistant','content':'Hel'}}],'usage':null}",
                "data: {'id':'c','model':'m-1','choices':[{'index':0,'delta':{'content':'l\\u00f6 😀'},'finish_reason':'stop'}]}",
                "data: {'id':'c','model':'m-1','choices':[],'usage':{'prompt_tokens':10,'completion_tokens':7,"
                        + "'prompt_tokens_details':{'cached_tokens':4},'completion_tokens_details':{'reasoning_tokens':2}}}",
                "data: [DONE]");

        assertThat(steps).containsExactly(Step.PASS, Step.PASS, Step.DROP, Step.LAST);
        assertThat(meter.reported()).isEqualTo(usage(6, 4, 5, 2));
        assertThat(meter.servedModel()).isEqualTo("m-1");
        assertThat(meter.outputTokens()).isEqualTo(4);
    }

    @Test
    void chatStream_withUsageAskedForByTheClient_passesEverything() {
        List<Step> steps = feed(
                new ChatMeter(false),
                "data: {'choices':[],'prompt_filter_results':[]}",
                "data: {'choices':[],'usage':{'prompt_tokens':1,'completion_tokens':1}}",
                "data: [DONE]");

        assertThat(steps).containsExactly(Step.PASS, Step.PASS, Step.LAST);
    }

    @Test
    void chatStream_withUsageInALastChoice_isNotDropped() {
        List<Step> steps = feed(
                new ChatMeter(true),
                "data: {'choices':[{'delta':{},'finish_reason':'stop'}],'usage':{'prompt_tokens':1,'completion_tokens':1}}");

        assertThat(steps).containsExactly(Step.PASS);
    }

    @Test
    void chatStream_ofGroq_tellsUsageElsewhere() {
        ReplyMeter meter = meter("openai_chat");

        var unused = feed(
                meter,
                "data: {'choices':[{'delta':{}}],'x_groq':{'id':'r','usage':{'prompt_tokens':12,'completion_tokens':3,'total_tokens':15}}}");

        assertThat(meter.reported()).isEqualTo(usage(12, 0, 3, 0));
    }

    @Test
    void chatStream_thatSpeaksOfUsage_isNotMistaken() {
        ReplyMeter meter = meter("openai_chat");

        var steps = feed(
                meter,
                "data: {'choices':[{'delta':{'content':'say \\\\'usage\\\\':{\\\\'prompt_tokens\\\\':9} and \\\\'error\\\\':{}'}}]}"
                        .replace("\\\\'", "\\\\\""));

        assertThat(steps).containsExactly(Step.PASS);
        assertThat(meter.reported()).isNull();
    }

    @Test
    void stream_thatFails_isLast() {
        assertThat(feed(meter("openai_chat"), "data: {'error':{'message':'no'}}"))
                .containsExactly(Step.LAST);
        assertThat(feed(meter("openai_chat"), "data: {'error':null,'choices':[]}"))
                .containsExactly(Step.PASS);
        assertThat(feed(meter("openai_responses"), "event: error\ndata: {'type':'error','message':'no'}"))
                .containsExactly(Step.LAST);
        assertThat(feed(meter("anthropic_messages"), "event: error\ndata: {'type':'error','error':{}}"))
                .containsExactly(Step.LAST);
        assertThat(feed(meter("gemini_generate"), "data: {'error':{'code':500}}"))
                .containsExactly(Step.LAST);
        assertThat(feed(meter("opaque"), "data: {'error':{'code':500}}")).containsExactly(Step.LAST);
    }

    @Test
    void responsesStream_tellsUsageAtItsEnd_withOrWithoutEventNames() {
        for (String name : List.of("event: response.completed\n", "")) {
            ReplyMeter meter = meter("openai_responses");

            List<Step> steps = feed(
                    meter,
                    "data: {'type':'response.created','response':{'id':'r','model':'m-2','status':'in_progress','usage':null}}",
                    "data: {'type':'response.output_text.delta','delta':'Hello','item_id':'i'}",
                    name
                            + "data: {'type':'response.completed','response':{'model':'m-2','output':[{'usage':'x'}],'usage':{"
                            + "'input_tokens':20,'input_tokens_details':{'cached_tokens':5},'output_tokens':9,"
                            + "'output_tokens_details':{'reasoning_tokens':4},'total_tokens':29}}}");

            assertThat(steps).containsExactly(Step.PASS, Step.PASS, Step.LAST);
            assertThat(meter.reported()).isEqualTo(usage(15, 5, 5, 4));
            assertThat(meter.servedModel()).isEqualTo("m-2");
            assertThat(meter.outputTokens()).isEqualTo(2);
        }
    }

    @Test
    void anthropicStream_addsUpItsTwoTellings() {
        ReplyMeter meter = meter("anthropic_messages");

        List<Step> steps = feed(
                meter,
                "event: message_start\ndata: {'type':'message_start','message':{'model':'claude-x','usage':{'input_tokens':7,"
                        + "'cache_read_input_tokens':100,'cache_creation_input_tokens':30,'cache_creation':"
                        + "{'ephemeral_5m_input_tokens':10,'ephemeral_1h_input_tokens':20},'output_tokens':1}}}",
                "event: ping\ndata: {'type':'ping'}",
                "event: content_block_delta\ndata: {'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'Hi there'}}",
                "event: message_delta\ndata: {'type':'message_delta','delta':{'stop_reason':'end_turn'},'usage':{'input_tokens':7,"
                        + "'cache_read_input_tokens':100,'cache_creation_input_tokens':30,'output_tokens':12}}",
                "event: message_stop\ndata: {'type':'message_stop'}");

        assertThat(steps).containsExactly(Step.PASS, Step.PASS, Step.PASS, Step.PASS, Step.LAST);
        assertThat(meter.reported())
                .isEqualTo(new Usage(7, 100, 10, 20, 12, 0, 0, 0, 0, 0, null, Usage.Source.REPORTED));
        assertThat(meter.servedModel()).isEqualTo("claude-x");
        assertThat(meter.outputTokens()).isEqualTo(3);
    }

    @Test
    void geminiStream_repeatsItsTotals_andTheLastCounts() {
        ReplyMeter meter = meter("gemini_generate");

        List<Step> steps = feed(
                meter,
                "data: {'candidates':[{'content':{'parts':[{'text':'Hi'}]}}],'modelVersion':'g-1','usageMetadata':"
                        + "{'promptTokenCount':50,'totalTokenCount':60,'thoughtsTokenCount':10}}",
                "data: {'candidates':[{'content':{'parts':[{'text':'!'}]},'finishReason':'STOP'}],'usageMetadata':"
                        + "{'promptTokenCount':50,'cachedContentTokenCount':30,'candidatesTokenCount':4,'thoughtsTokenCount':12,"
                        + "'toolUsePromptTokenCount':3,'promptTokensDetails':[{'modality':'TEXT','tokenCount':44},"
                        + "{'modality':'AUDIO','tokenCount':6}]}}");

        assertThat(steps).containsExactly(Step.PASS, Step.MAYBE_LAST);
        assertThat(meter.reported()).isEqualTo(new Usage(17, 30, 0, 0, 4, 12, 6, 0, 0, 0, null, Usage.Source.REPORTED));
        assertThat(meter.servedModel()).isEqualTo("g-1");
        assertThat(meter.outputTokens()).isEqualTo(1);
    }

    @Test
    void geminiArray_isReadToItsEnd() {
        assertThat(
                        ofBody(
                                "gemini_generate",
                                "[{'usageMetadata':{'promptTokenCount':5}},{'usageMetadata':{'promptTokenCount':5,'candidatesTokenCount':8}}]"))
                .isEqualTo(usage(5, 0, 8, 0));
    }

    @Test
    void usage_inTheWaysOfManyProviders_isOfDisjointClasses() {
        // DeepSeek
        assertThat(ofBody(
                        "openai_chat",
                        "{'usage':{'prompt_tokens':30,'completion_tokens':5,'prompt_cache_hit_tokens':20}}"))
                .isEqualTo(usage(10, 20, 5, 0));
        // xAI: reasoning is not part of the completion
        assertThat(
                        ofBody(
                                "openai_chat",
                                "{'usage':{'prompt_tokens':30,'completion_tokens':5,'total_tokens':135,'completion_tokens_details':{'reasoning_tokens':100}}}"))
                .isEqualTo(usage(30, 0, 5, 100));
        // Gemini's imitation: thoughts are in the total only
        assertThat(ofBody("openai_chat", "{'usage':{'prompt_tokens':30,'completion_tokens':5,'total_tokens':45}}"))
                .isEqualTo(usage(30, 0, 5, 10));
        // Cache counted apart from the prompt
        assertThat(
                        ofBody(
                                "openai_chat",
                                "{'usage':{'prompt_tokens':10,'completion_tokens':5,'total_tokens':15,'prompt_tokens_details':{'cached_tokens':60}}}"))
                .isEqualTo(usage(10, 60, 5, 0));
        // Anthropic
        assertThat(ofBody(
                        "anthropic_messages",
                        "{'usage':{'input_tokens':3,'cache_read_input_tokens':9,'output_tokens':2}}"))
                .isEqualTo(usage(3, 9, 2, 0));
        // Embeddings with a total only
        assertThat(ofBody("openai_embeddings", "{'data':[{'embedding':[0.1]}],'usage':{'total_tokens':6}}"))
                .isEqualTo(usage(6, 0, 0, 0));
        // Cohere
        assertThat(ofBody(
                        "opaque",
                        "{'usage':{'billed_units':{'input_tokens':4,'output_tokens':5},'tokens':{'input_tokens':99}}}"))
                .isEqualTo(usage(4, 0, 5, 0));
        assertThat(ofBody("opaque", "{'meta':{'billed_units':{'input_tokens':4}}}"))
                .isEqualTo(usage(4, 0, 0, 0));
        // Bedrock
        assertThat(ofBody("opaque", "{'usage':{'inputTokens':4,'outputTokens':5,'cacheReadInputTokens':6}}"))
                .isEqualTo(usage(4, 6, 5, 0));
        // Audio
        assertThat(
                        ofBody(
                                "openai_chat",
                                "{'usage':{'prompt_tokens':10,'completion_tokens':8,'prompt_tokens_details':{'audio_tokens':6},'completion_tokens_details':{'audio_tokens':5}}}"))
                .isEqualTo(new Usage(4, 0, 0, 0, 3, 0, 6, 5, 0, 0, null, Usage.Source.REPORTED));
    }

    @Test
    void bill_ofTheProvider_isRead() {
        assertThat(ofBody("openai_chat", "{'usage':{'prompt_tokens':1,'completion_tokens':1,'cost':0.0000000011}}")
                        .providerCost())
                .isEqualTo(new NanoUsd(2));
        assertThat(ofBody(
                                "openai_chat",
                                "{'usage':{'prompt_tokens':1,'completion_tokens':1,'cost':{'total_cost':0.005}}}")
                        .providerCost())
                .isEqualTo(new NanoUsd(5_000_000));
        assertThat(ofBody("openai_responses", "{'usage':{'input_tokens':1,'output_tokens':1,'cost_in_usd_ticks':15}}")
                        .providerCost())
                .isEqualTo(new NanoUsd(2));
        assertThat(ofBody("openai_chat", "{'usage':{'prompt_tokens':1,'completion_tokens':1,'cost_in_usd_ticks':0}}")
                        .providerCost())
                .isNull();
    }

    @Test
    void toolsOfTheProvider_areCounted() {
        String response = """
                {'service_tier':'flex','output':[{'type':'web_search_call','action':{'type':'search','query':'x'}},\
                {'type':'web_search_call','action':{'type':'open_page'}},{'type':'web_search_call','status':'completed'},\
                {'type':'file_search_call','queries':['a','b']},{'type':'code_interpreter_call','container_id':'c1','outputs':[]},\
                {'type':'code_interpreter_call','container_id':'c1'},{'type':'message','content':[{'type':'web_search_call'}]}],\
                'usage':{'input_tokens':9,'output_tokens':1}}""";

        assertThat(ofBody("openai_responses", response).extras())
                .isEqualTo(new Extras(2, 1, 1, 0, 0, 0, 0, 0, ServiceTier.FLEX));
        assertThat(ofBody("anthropic_messages", """
                {'usage':{'input_tokens':9,'output_tokens':1,'cache_read_input_tokens':0,'service_tier':'priority',\
                'server_tool_use':{'web_search_requests':3,'web_fetch_requests':1}}}""").extras())
                .isEqualTo(searches(3).on(ServiceTier.PRIORITY));
        assertThat(ofBody("gemini_generate", """
                {'candidates':[{'content':{'parts':[]},'groundingMetadata':{'webSearchQueries':['a','','b'],'x':[[1]]}}],\
                'usageMetadata':{'promptTokenCount':4,'candidatesTokenCount':2,'totalTokenCount':6,'trafficType':'ON_DEMAND_FLEX'}}""").extras())
                .isEqualTo(searches(2).on(ServiceTier.FLEX));
    }

    @Test
    void chatStream_tellsItsTerms() {
        ReplyMeter meter = meter("openai_chat");

        var unused = feed(
                meter,
                "data: {'service_tier':'priority','choices':[{'delta':{'content':'hi'}}]}",
                "data: {'service_tier':'priority','choices':[],'usage':{'prompt_tokens':3,'completion_tokens':1}}",
                "data: [DONE]");

        assertThat(meter.reported()).isEqualTo(usage(3, 0, 1, 0).with(Extras.NONE.on(ServiceTier.PRIORITY)));
    }

    @Test
    void speechAndPictures_areCountedByTheirPieces() {
        assertThat(ofBody("opaque", "{'text':'hello','usage':{'type':'duration','seconds':7}}"))
                .isEqualTo(Usage.of(0, 0, Usage.Source.REPORTED).with(Extras.ofSeconds(7)));
        assertThat(ofBody("opaque", "{'task':'transcribe','duration':8.47,'text':'hello','segments':[]}"))
                .isEqualTo(Usage.of(0, 0, Usage.Source.REPORTED).with(Extras.ofSeconds(9)));
        assertThat(ofBody("opaque", "{'duration':8.47,'status':'queued'}")).isNull();
        ReplyMeter pictures = meter("opaque");
        pictures.onBody("{\"data\":[{\"url\":\"u\"},{\"b64_json\":\"AAAA\"},{\"embedding\":[1]}]}".getBytes(UTF_8));
        assertThat(pictures.reported()).isNull();
        assertThat(pictures.extras().images()).isEqualTo(2);
    }

    @Test
    void cachedSound_isCountedApart() {
        assertThat(ofBody("openai_chat", """
                {'usage':{'prompt_tokens':100,'completion_tokens':1,'prompt_tokens_details':{'audio_tokens':60,'cached_tokens':50,\
                'cached_tokens_details':{'audio_tokens':40,'text_tokens':10}}}}"""))
                .isEqualTo(new Usage(30, 50, 0, 0, 1, 0, 20, 0, 0, 0, null, Usage.Source.REPORTED)
                        .with(Extras.cached(40, 0)));
    }

    private static Extras searches(long count) {
        return new Extras(count, 0, 0, 0, 0, 0, 0, 0, ServiceTier.STANDARD);
    }

    @Test
    void reply_thatIsAbsurdOrBroken_isIgnored() {
        for (String body : List.of(
                "",
                "no json",
                "{'usage':",
                "{'usage':7}",
                "{'usage':{'prompt_tokens':'many'}}",
                "{'usage':{'prompt_tokens':1e400,'completion_tokens':1}}",
                "[1,[2",
                "\u0000\u0000")) {
            assertThat(ofBody("openai_chat", body)).isNull();
            assertThat(ofBody("opaque", body)).isNull();
            assertThat(feed(meter("openai_chat"), "data: " + body)).allMatch(step -> step == Step.PASS);
        }
        assertThat(ofBody("openai_chat", "{'usage':{'prompt_tokens':-5,'completion_tokens':2}}"))
                .isEqualTo(usage(0, 0, 2, 0));
    }

    @Test
    void body_withoutUsage_hasItsCharactersCounted() {
        ReplyMeter meter = meter("openai_chat");

        meter.onBody(
                "{\"choices\":[{\"message\":{\"content\":\"12345\",\"tool_calls\":[{\"function\":{\"arguments\":\"{}\"}}]}}]}"
                        .getBytes(UTF_8));

        assertThat(meter.reported()).isNull();
        assertThat(meter.outputTokens()).isEqualTo(3);
    }

    @Test
    void amazonsBinaryEvents_areUnpacked() {
        byte[] frame = frame("{\"usage\":{\"inputTokens\":4,\"outputTokens\":5}}");
        ReplyMeter meter = meter("opaque");

        meter.onBody(frame);

        assertThat(meter.reported()).isEqualTo(usage(4, 0, 5, 0));
    }

    private static byte[] frame(String payload) {
        byte[] bytes = payload.getBytes(UTF_8);
        return ByteBuffer.allocate(16 + bytes.length)
                .putInt(16 + bytes.length)
                .putInt(0)
                .putInt(0)
                .put(bytes)
                .putInt(0)
                .array();
    }
}
