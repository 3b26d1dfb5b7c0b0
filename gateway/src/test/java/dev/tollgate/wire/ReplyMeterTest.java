package dev.tollgate.wire;

import static dev.tollgate.wire.Replies.feed;
import static dev.tollgate.wire.Replies.meter;
import static dev.tollgate.wire.Replies.ofBody;
import static dev.tollgate.wire.Replies.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.value.Extras;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What meters do with the events of streams. */
final class ReplyMeterTest {
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
}
