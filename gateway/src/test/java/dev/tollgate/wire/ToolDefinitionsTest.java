package dev.tollgate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.Splice;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ToolDefinitionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"tools\":[{\"name\":\"a\"}, {\"name\":\"b\"} , {\"name\":\"c\"}]} | a | {\"tools\":[{\"name\":\"b\"} , {\"name\":\"c\"}]}",
                "{\"tools\":[{\"name\":\"a\"}, {\"name\":\"b\"} , {\"name\":\"c\"}]} | b | {\"tools\":[{\"name\":\"a\"} , {\"name\":\"c\"}]}",
                "{\"tools\":[{\"name\":\"a\"}, {\"name\":\"b\"} , {\"name\":\"c\"}]} | b,c | {\"tools\":[{\"name\":\"a\"}]}",
                "{\"tools\":[{\"name\":\"a\"}, {\"name\":\"b\"} , {\"name\":\"c\"}]} | a,b | {\"tools\":[{\"name\":\"c\"}]}",
                "{\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}},{\"type\":\"web_search\"}]} | web_search | {\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}]}",
                "{\"model\":\"m\", \"tools\" : [{\"name\":\"a\"}], \"tool_choice\":\"auto\", \"x\":1} | a | {\"model\":\"m\", \"x\":1}",
                "{\"tools\":[{\"name\":\"a\"}],\"tool_choice\":\"auto\"} | a | {}",
                "{\"tool_choice\":{\"name\":\"a\"},\"tools\":[{\"name\":\"a\"},{\"name\":\"b\"}]} | a | {\"tools\":[{\"name\":\"b\"}]}",
                "{\"tool_choice\":{\"name\":\"b\"},\"tools\":[{\"name\":\"a\"},{\"name\":\"b\"}]} | a | {\"tool_choice\":{\"name\":\"b\"},\"tools\":[{\"name\":\"b\"}]}",
                "{\"tools\":[{\"functionDeclarations\":[{\"name\":\"a\"},{\"name\":\"b\"}]},{\"googleSearch\":{}}]} | a | {\"tools\":[{\"functionDeclarations\":[{\"name\":\"b\"}]},{\"googleSearch\":{}}]}",
                "{\"tools\":[{\"functionDeclarations\":[{\"name\":\"a\"}]},{\"googleSearch\":{}}]} | a,googleSearch | {}",
                "{\"tools\":[{\"name\":\"a\"}]} | z | {\"tools\":[{\"name\":\"a\"}]}",
            })
    void without_takesOutDefinitions_andWhatRefersToThem(String body, String stripped, String expected)
            throws Exception {
        assertThat(without(body, Set.of(stripped.split(",")))).isEqualTo(expected);
    }

    @Test
    void without_namesWithEscapes_areCutWhole() throws Exception {
        assertThat(without("{\"a\\\"b\":1,\"tools\":[{\"name\":\"x\"}],\"c\\\\\":2}", Set.of("x")))
                .isEqualTo("{\"a\\\"b\":1,\"c\\\\\":2}");
    }

    private static String without(String body, Set<String> stripped) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] result =
                Splice.apply(bytes, ToolDefinitions.without(bytes, JsonReader.readObject(bytes), stripped::contains));
        return new String(result, StandardCharsets.UTF_8);
    }
}
