package dev.tollgate.wire;

import static dev.tollgate.wire.WireRequests.json;
import static dev.tollgate.wire.WireRequests.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Splice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenAiChatWireTest {
    private static final String PATH = "chat/completions";
    private final Wire wire = new OpenAiChatWire();

    private Facts read(String body) {
        return wire.read(json(PATH, body.replace('\'', '"')));
    }

    @Test
    void texts_ofAFirstTurn_areAllNew() {
        Facts facts = read("{'model':'gpt-5','messages':[{'role':'system','content':'Be kind.'},"
                + "{'role':'user','content':[{'type':'text','text':'Hello'}]}],"
                + "'tools':[{'type':'function','function':{'name':'look_up','description':'Looks it up.'}}],"
                + "'metadata':{'run':'A 7'},'surprise':{'deep':['x y']}}");

        assertThat(lines(facts))
                .containsExactly(
                        "SYSTEM messages[0].content new Be kind.",
                        "USER messages[1].content[0].text new Hello",
                        "TOOL_DEFINITION tools[0].function.name new look_up",
                        "TOOL_DEFINITION tools[0].function.description new Looks it up.",
                        "METADATA metadata.run new A 7",
                        "OTHER surprise.deep[0] new x y");
        assertThat(facts.toolNames()).containsExactly("look_up");
    }

    @Test
    void texts_beforeTheLastAnswer_areOld() {
        Facts facts = read("{'messages':[{'role':'system','content':'S s'},{'role':'user','content':'One'},"
                + "{'role':'assistant','content':null,'reasoning_content':'Hm','tool_calls':[{'id':'call_1','type':'function',"
                + "'function':{'name':'get','arguments':'{\\\"a\\\":1}'}}]},"
                + "{'role':'tool','tool_call_id':'call_1','content':'Result'},{'role':'user','content':'Two'}],"
                + "'tools':[{'type':'function','function':{'name':'get'}}],'user':'me @ home'}");

        assertThat(lines(facts))
                .containsExactly(
                        "SYSTEM messages[0].content old S s",
                        "USER messages[1].content old One",
                        "REASONING messages[2].reasoning_content old Hm",
                        "TOOL_ARGUMENTS messages[2].tool_calls[0].id old call_1",
                        "TOOL_ARGUMENTS messages[2].tool_calls[0].function.name old get",
                        "TOOL_ARGUMENTS messages[2].tool_calls[0].function.arguments old {\"a\":1}",
                        "METADATA messages[3].tool_call_id new call_1",
                        "TOOL_RESULT messages[3].content new Result",
                        "USER messages[4].content new Two",
                        "TOOL_DEFINITION tools[0].function.name old get",
                        "METADATA user new me @ home");
    }

    @Test
    void texts_beforeAPrefilledAnswer_areNew() {
        Facts facts = read("{'messages':[{'role':'user','content':'One'},{'role':'assistant','content':'Two'},"
                + "{'role':'user','content':'Three'},{'role':'assistant','content':'So'}]}");

        assertThat(lines(facts))
                .containsExactly(
                        "USER messages[0].content old One",
                        "ASSISTANT messages[1].content old Two",
                        "USER messages[2].content new Three",
                        "ASSISTANT messages[3].content new So");
    }

    @Test
    void media_areNotedAndNotRead_butTextUrlsAreRead() {
        String png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        Facts facts = read("{'messages':[{'role':'user','content':["
                + "{'type':'image_url','image_url':{'url':'data:image/png;base64," + png + "'}},"
                + "{'type':'input_audio','input_audio':{'format':'wav','data':'" + png + "'}},"
                + "{'type':'file','file':{'filename':'a b.txt','file_data':'data:text/plain;base64,aGVsbG8='}},"
                + "{'type':'image_url','image_url':{'url':'https://example.org/a.png'}}]}]}");

        assertThat(facts.notScanned())
                .containsExactly(
                        "image/png messages[0].content[0].image_url.url",
                        "audio/wav messages[0].content[1].input_audio.data");
        assertThat(lines(facts))
                .containsExactly(
                        "DOCUMENT messages[0].content[2].file.filename new a b.txt",
                        "DOCUMENT messages[0].content[2].file.file_data new data:text/plain;base64,aGVsbG8=",
                        "USER messages[0].content[3].image_url.url new https://example.org/a.png");
    }

    @Test
    void offsets_ofTextsAndModel_areTheirJsonStrings() {
        String body = "{ \"model\" : \"gpt-5\", \"messages\":[{\"role\":\"user\",\"content\":\"é\\n\\\"x\\\"\"}]}";
        byte[] bytes = body.getBytes(UTF_8);

        Facts facts = wire.read(json(PATH, body));

        assertThat(new String(bytes, facts.modelStart(), facts.modelEnd() - facts.modelStart(), UTF_8))
                .isEqualTo("\"gpt-5\"");
        assertThat(facts.texts()).singleElement().satisfies(text -> {
            assertThat(new String(bytes, text.start(), text.end() - text.start(), UTF_8))
                    .isEqualTo("\"é\\n\\\"x\\\"\"");
            assertThat(text.isJsonString()).isTrue();
        });
    }

    @Test
    void limits_ofARequest_areRead() {
        Facts facts = read("{'model':'m','stream':true,'max_tokens':10,'max_completion_tokens':30,'n':3,"
                + "'prompt_cache_key':'k','messages':[]}");

        assertThat(facts.model()).isEqualTo("m");
        assertThat(facts.streams()).isTrue();
        assertThat(facts.maxOutputTokens()).isEqualTo(30);
        assertThat(facts.choices()).isEqualTo(3);
        assertThat(facts.generates()).isTrue();
        assertThat(facts.promptCacheKey()).isEqualTo("k");
    }

    @Test
    void model_ofAnAzurePath_isRead() {
        Facts facts = wire.read(json("deployments/my-gpt/chat/completions", "{}"));

        assertThat(facts.model()).isEqualTo("my-gpt");
        assertThat(facts.modelStart()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"stream\":true}                                             | {\"stream_options\":{\"include_usage\":true},\"stream\":true}",
                "{\"stream\":true,\"stream_options\":null}                     | {\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"stream\":true,\"stream_options\":{}}                       | {\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"stream\":true,\"stream_options\":{ \"x\":1}}               | {\"stream\":true,\"stream_options\":{\"include_usage\":true, \"x\":1}}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":false}}| {\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":null}} | {\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
            })
    void usage_notAskedFor_isAskedForWithoutChangingAnythingElse(String body, String changed) {
        Facts facts = wire.read(json(PATH, body));

        assertThat(facts.usageRequest()).isNotNull();
        assertThat(new String(Splice.apply(body.getBytes(UTF_8), List.of(facts.usageRequest())), UTF_8))
                .isEqualTo(changed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"stream\":true,\"stream_options\":{\"include_usage\":true}}|",
                "{\"stream\":false}|",
                "{}|",
                "{\"stream\":\"true\"}|",
                "{\"stream\":true,\"stream_options\":7}|"
            })
    void usage_askedForOrNotStreamed_isLeftAlone(String body) {
        assertThat(wire.read(json(PATH, body)).usageRequest()).isNull();
    }
}
