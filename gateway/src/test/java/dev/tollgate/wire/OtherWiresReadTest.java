package dev.tollgate.wire;

import static dev.tollgate.wire.WireRequests.json;
import static dev.tollgate.wire.WireRequests.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Facts;
import org.junit.jupiter.api.Test;

final class OtherWiresReadTest {
    private static Facts read(Wire wire, String path, String body) {
        return wire.read(json(path, body.replace('\'', '"')));
    }

    @Test
    void responses_itemsOfEveryKind_standInTheirPlaces() {
        Facts facts = read(
                new OpenAiResponsesWire(),
                "responses",
                "{'model':'m','instructions':'Be brief.','input':["
                        + "{'role':'developer','content':[{'type':'input_text','text':'Dev text'}]},"
                        + "{'type':'message','role':'user','content':'Question 1'},"
                        + "{'type':'reasoning','summary':[{'type':'summary_text','text':'Hm hm'}],'encrypted_content':'gAAA=='},"
                        + "{'type':'function_call','call_id':'c','name':'run','arguments':'{}'},"
                        + "{'type':'mcp_call','id':'i','output':'mcp says'},"
                        + "{'type':'function_call_output','call_id':'c','output':'It ran'},"
                        + "{'type':'additional_tools','tools':[{'type':'function','name':'hidden','description':'Hidden tool'}]},"
                        + "{'role':'user','content':[{'type':'input_file','filename':'f f','file_id':'x'}]}],"
                        + "'tools':[{'type':'namespace','name':'ns','tools':[{'type':'custom','name':'inner'}]},{'type':'web_search'}],"
                        + "'max_output_tokens':9,'stream':true,'prompt_cache_key':'k 1','metadata':{'a':'b c'}}");

        assertThat(lines(facts))
                .containsExactly(
                        "SYSTEM instructions old Be brief.",
                        "SYSTEM input[0].content[0].text old Dev text",
                        "USER input[1].content old Question 1",
                        "REASONING input[2].summary[0].text old Hm hm",
                        "REASONING input[2].encrypted_content old gAAA==",
                        "METADATA input[3].call_id old c",
                        "TOOL_ARGUMENTS input[3].name old run",
                        "TOOL_ARGUMENTS input[3].arguments old {}",
                        "METADATA input[4].id old i",
                        "TOOL_RESULT input[4].output old mcp says",
                        "METADATA input[5].call_id new c",
                        "TOOL_RESULT input[5].output new It ran",
                        "TOOL_DEFINITION input[6].tools[0].name new hidden",
                        "TOOL_DEFINITION input[6].tools[0].description new Hidden tool",
                        "DOCUMENT input[7].content[0].filename new f f",
                        "DOCUMENT input[7].content[0].file_id new x",
                        "TOOL_DEFINITION tools[0].name old ns",
                        "TOOL_DEFINITION tools[0].tools[0].name old inner",
                        "METADATA prompt_cache_key new k 1",
                        "METADATA metadata.a new b c");
        assertThat(facts.toolNames()).containsExactly("ns", "inner", "web_search", "hidden");
        assertThat(facts.maxOutputTokens()).isEqualTo(9);
        assertThat(facts.streams()).isTrue();
        assertThat(facts.generates()).isTrue();
        assertThat(facts.usageRequest()).isNull();
        assertThat(facts.promptCacheKey()).isEqualTo("k 1");
    }

    @Test
    void responses_inputAsText_isTheUsers() {
        Facts facts = read(new OpenAiResponsesWire(), "responses/input_tokens", "{'input':'Hi there'}");

        assertThat(lines(facts)).containsExactly("USER input new Hi there");
        assertThat(facts.generates()).isFalse();
    }

    @Test
    void anthropic_blocksOfEveryKind_standInTheirPlaces() {
        Facts facts = read(
                new AnthropicMessagesWire(),
                "messages",
                "{'model':'claude','max_tokens':5,'system':[{'type':'text','text':'Sys tem','cache_control':{'type':'ephemeral'}}],"
                        + "'messages':[{'role':'user','content':'One 1'},"
                        + "{'role':'assistant','content':[{'type':'thinking','thinking':'Hm hm','signature':'c2ln'},"
                        + "{'type':'tool_use','id':'t','name':'ls','input':{'path':'/ a','odd name':1}}]},"
                        + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','content':'plain'},"
                        + "{'type':'tool_result','tool_use_id':'t','content':[{'type':'text','text':'in blocks'}]},"
                        + "{'type':'document','title':'T t','source':{'type':'text','media_type':'text/plain','data':'Doc text'}},"
                        + "{'type':'text','text':'Two 2'}]}],"
                        + "'tools':[{'name':'ls','description':'Lists files','input_schema':{'type':'object'}}],"
                        + "'metadata':{'user_id':'u 7'}}");

        assertThat(lines(facts))
                .containsExactly(
                        "SYSTEM system[0].text old Sys tem",
                        "USER messages[0].content old One 1",
                        "REASONING messages[1].content[0].thinking old Hm hm",
                        "REASONING messages[1].content[0].signature old c2ln",
                        "METADATA messages[1].content[1].id old t",
                        "TOOL_ARGUMENTS messages[1].content[1].name old ls",
                        "TOOL_ARGUMENTS messages[1].content[1].input.path old / a",
                        "TOOL_ARGUMENTS messages[1].content[1].input.* old odd name",
                        "METADATA messages[2].content[0].tool_use_id new t",
                        "TOOL_RESULT messages[2].content[0].content new plain",
                        "METADATA messages[2].content[1].tool_use_id new t",
                        "TOOL_RESULT messages[2].content[1].content[0].text new in blocks",
                        "DOCUMENT messages[2].content[2].title new T t",
                        "DOCUMENT messages[2].content[2].source.data new Doc text",
                        "USER messages[2].content[3].text new Two 2",
                        "TOOL_DEFINITION tools[0].name old ls",
                        "TOOL_DEFINITION tools[0].description old Lists files",
                        "METADATA metadata.user_id new u 7");
        assertThat(facts.maxOutputTokens()).isEqualTo(5);
        assertThat(facts.toolNames()).containsExactly("ls");
        assertThat(facts.promptCacheKey()).isEqualTo("u 7");
        assertThat(facts.generates()).isTrue();
    }

    @Test
    void anthropic_counting_generatesNothing() {
        Wire wire = new AnthropicMessagesWire();

        assertThat(read(wire, "messages/count_tokens", "{'model':'c','messages':[]}")
                        .generates())
                .isFalse();
        assertThat(wire.serves("POST", "v1/messages/count_tokens")).isTrue();
        assertThat(wire.serves("POST", "threads/t_1/messages")).isFalse();
    }

    @Test
    void gemini_inEitherSpelling_isReadAlike() {
        String camel =
                "{'systemInstruction':{'parts':[{'text':'Sys tem'}]},'contents':[{'role':'user','parts':[{'text':'One 1'}]},"
                        + "{'role':'model','parts':[{'text':'Hm hm','thought':true},{'functionCall':{'name':'f','args':{'a':'x y'}}}]},"
                        + "{'role':'user','parts':[{'functionResponse':{'name':'f','response':{'r':'o k'}}},{'text':'Two 2'}]}],"
                        + "'tools':[{'functionDeclarations':[{'name':'f','description':'D d'}]},{'googleSearch':{}}],"
                        + "'generationConfig':{'maxOutputTokens':11,'candidateCount':2}}";
        String snake = camel.replace("systemInstruction", "system_instruction")
                .replace("functionCall", "function_call")
                .replace("functionResponse", "function_response")
                .replace("functionDeclarations", "function_declarations")
                .replace("generationConfig", "generation_config")
                .replace("maxOutputTokens", "max_output_tokens")
                .replace("candidateCount", "candidate_count");
        for (String body : new String[] {camel, snake}) {
            Facts facts = read(new GeminiGenerateWire(), "models/gemini-x:streamGenerateContent", body);

            assertThat(facts.texts())
                    .extracting(text -> text.place() + " " + (text.isNew() ? "new " : "old ") + text.value())
                    .containsExactly(
                            "SYSTEM old Sys tem",
                            "USER old One 1",
                            "REASONING old Hm hm",
                            "TOOL_ARGUMENTS old f",
                            "TOOL_ARGUMENTS old x y",
                            "TOOL_RESULT new f",
                            "TOOL_RESULT new o k",
                            "USER new Two 2",
                            "TOOL_DEFINITION old f",
                            "TOOL_DEFINITION old D d");
            assertThat(facts.model()).isEqualTo("gemini-x");
            assertThat(facts.streams()).isTrue();
            assertThat(facts.maxOutputTokens()).isEqualTo(11);
            assertThat(facts.choices()).isEqualTo(2);
            assertThat(facts.toolNames()).containsExactly("f", "googleSearch");
        }
    }

    @Test
    void gemini_mediaAndWrappedCalls_areRead() {
        String png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        Facts facts = read(
                new GeminiGenerateWire(),
                "models/g:countTokens",
                "{'generateContentRequest':{'contents':[{'parts':[{'inlineData':{'mimeType':'image/png','data':'" + png
                        + "'}},{'inline_data':{'mime_type':'text/plain','data':'aGVsbG8gd29ybGQ='}}]}]}}");

        assertThat(facts.generates()).isFalse();
        assertThat(facts.notScanned())
                .containsExactly("image/png generateContentRequest.contents[0].parts[0].inlineData.data");
        assertThat(lines(facts))
                .containsExactly(
                        "DOCUMENT generateContentRequest.contents[0].parts[1].inline_data.data new aGVsbG8gd29ybGQ=");
    }

    @Test
    void completions_answerEachPromptSoOften() {
        Facts facts = read(
                new OpenAiCompletionsWire(), "completions", "{'model':'m','prompt':['a b','c d'],'n':3,'best_of':5}");

        assertThat(facts.choices()).isEqualTo(10);
        assertThat(lines(facts)).containsExactly("RAW_PROMPT prompt[0] new a b", "RAW_PROMPT prompt[1] new c d");
    }

    @Test
    void embeddings_generateNothing() {
        Facts facts = read(new OpenAiEmbeddingsWire(), "embeddings", "{'model':'e','input':['a b',[1,2,3]]}");

        assertThat(facts.generates()).isFalse();
        assertThat(lines(facts)).containsExactly("USER input[0] new a b");
    }
}
