package dev.tollgate.wire;

import static dev.tollgate.wire.Replies.meter;
import static dev.tollgate.wire.Replies.ofBody;
import static dev.tollgate.wire.Replies.usage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.value.Extras;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;
import org.junit.jupiter.api.Test;

/** Usage as replies of many providers tell it. */
final class ToldUsageTest {
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
}
