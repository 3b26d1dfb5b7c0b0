package dev.tollgate.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An answer that no model gave: its text is what the gateway has to say. Whole in its wire, so that every client reads it as it reads a
 * model's, and free of charge.
 *
 * @param document as a client gets it that does not stream
 * @param events as a client gets it that does: all events, the last included
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, sent once.
public record Spoken(byte[] document, byte[] events) {
    private static final String MODEL = "tollgate";

    /** OpenAI API reference, "The chat completion object" and "chunk object". */
    static Spoken chat(String text, String id) {
        byte[] document = JsonText.of(json -> {
            begin(json, id, "chat.completion");
            json.writeObjectFieldStart("message");
            json.writeStringField("role", "assistant");
            json.writeStringField("content", text);
            json.writeNullField("refusal");
            json.writeEndObject();
            json.writeNullField("logprobs");
            json.writeStringField("finish_reason", "stop");
            endChoice(json);
            usage(json, "prompt_tokens", "completion_tokens");
            json.writeEndObject();
        });
        byte[] said = chunk(id, "chat.completion.chunk", json -> {
            json.writeObjectFieldStart("delta");
            json.writeStringField("role", "assistant");
            json.writeStringField("content", text);
            json.writeEndObject();
            json.writeNullField("finish_reason");
        });
        byte[] end = chunk(id, "chat.completion.chunk", json -> {
            json.writeObjectFieldStart("delta");
            json.writeEndObject();
            json.writeStringField("finish_reason", "stop");
        });
        return new Spoken(
                document, new Events().add(said).add(end).add(Events.DONE).bytes());
    }

    /** OpenAI API reference, "The completion object". */
    static Spoken completions(String text, String id) {
        byte[] chunk = chunk(id, "text_completion", json -> {
            json.writeStringField("text", text);
            json.writeNullField("logprobs");
            json.writeStringField("finish_reason", "stop");
        });
        return new Spoken(chunk, new Events().add(chunk).add(Events.DONE).bytes());
    }

    private static byte[] chunk(String id, String object, JsonText.Writer choice) {
        return JsonText.of(json -> {
            begin(json, id, object);
            choice.write(json);
            endChoice(json);
            json.writeEndObject();
        });
    }

    private static void begin(JsonGenerator json, String id, String object) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("object", object);
        json.writeNumberField("created", 0);
        json.writeStringField("model", MODEL);
        json.writeArrayFieldStart("choices");
        json.writeStartObject();
        json.writeNumberField("index", 0);
    }

    private static void endChoice(JsonGenerator json) throws IOException {
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void usage(JsonGenerator json, String input, String output) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField(input, 0);
        json.writeNumberField(output, 0);
        json.writeNumberField("total_tokens", 0);
        json.writeEndObject();
    }

    /** Anthropic API reference, "Messages" and "Streaming messages". */
    static Spoken anthropic(String text, String id) {
        byte[] document = JsonText.of(json -> anthropicMessage(json, text, id));
        Events events = new Events()
                .add("message_start", JsonText.of(json -> {
                    event(json, "message_start");
                    json.writeFieldName("message");
                    anthropicMessage(json, null, id);
                    json.writeEndObject();
                }))
                .add("content_block_start", JsonText.of(json -> {
                    event(json, "content_block_start");
                    json.writeNumberField("index", 0);
                    json.writeObjectFieldStart("content_block");
                    textBlock(json, "");
                    json.writeEndObject();
                }))
                .add("content_block_delta", JsonText.of(json -> {
                    event(json, "content_block_delta");
                    json.writeNumberField("index", 0);
                    json.writeObjectFieldStart("delta");
                    json.writeStringField("type", "text_delta");
                    json.writeStringField("text", text);
                    json.writeEndObject();
                    json.writeEndObject();
                }))
                .add("content_block_stop", JsonText.of(json -> {
                    event(json, "content_block_stop");
                    json.writeNumberField("index", 0);
                    json.writeEndObject();
                }))
                .add("message_delta", JsonText.of(json -> {
                    event(json, "message_delta");
                    json.writeObjectFieldStart("delta");
                    stop(json, "end_turn");
                    json.writeEndObject();
                    json.writeObjectFieldStart("usage");
                    json.writeNumberField("output_tokens", 0);
                    json.writeEndObject();
                    json.writeEndObject();
                }))
                .add("message_stop", JsonText.of(json -> {
                    event(json, "message_stop");
                    json.writeEndObject();
                }));
        return new Spoken(document, events.bytes());
    }

    private static void event(JsonGenerator json, String type) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", type);
    }

    private static void textBlock(JsonGenerator json, String text) throws IOException {
        json.writeStringField("type", "text");
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    private static void stop(JsonGenerator json, String reason) throws IOException {
        json.writeStringField("stop_reason", reason);
        json.writeNullField("stop_sequence");
    }

    /** @param text null where the text comes in events of its own */
    private static void anthropicMessage(JsonGenerator json, @Nullable String text, String id) throws IOException {
        event(json, "message");
        json.writeStringField("id", id);
        json.writeStringField("role", "assistant");
        json.writeStringField("model", MODEL);
        json.writeArrayFieldStart("content");
        if (text != null) {
            json.writeStartObject();
            textBlock(json, text);
        }
        json.writeEndArray();
        if (text == null) {
            json.writeNullField("stop_reason");
            json.writeNullField("stop_sequence");
        } else {
            stop(json, "end_turn");
        }
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", 0);
        json.writeNumberField("output_tokens", 0);
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Gemini API reference, "GenerateContentResponse". */
    static Spoken gemini(String text) {
        byte[] document = JsonText.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("candidates");
            json.writeStartObject();
            json.writeObjectFieldStart("content");
            json.writeStringField("role", "model");
            json.writeArrayFieldStart("parts");
            json.writeStartObject();
            json.writeStringField("text", text);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeStringField("finishReason", "STOP");
            json.writeNumberField("index", 0);
            json.writeEndObject();
            json.writeEndArray();
            json.writeStringField("modelVersion", MODEL);
            json.writeEndObject();
        });
        return new Spoken(document, new Events().add(document).bytes());
    }
}
