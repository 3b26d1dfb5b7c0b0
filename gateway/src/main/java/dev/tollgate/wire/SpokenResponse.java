package dev.tollgate.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** An answer that no model gave, in the form of OpenAI's responses (API reference, "The Response object" and "Streaming events"). */
final class SpokenResponse {
    private static final String MODEL = "tollgate";

    private final String text;
    private final String id;
    private final String item;
    private Events events = new Events();
    private int number;

    private SpokenResponse(String text, String id) {
        this.text = text;
        this.id = id;
        this.item = "msg_" + id;
    }

    static Spoken of(String text, String id) {
        return new SpokenResponse(text, id).spoken();
    }

    /** The event that a stream begins with: clients take no other before it. */
    static byte[] created(String id) {
        SpokenResponse nothing = new SpokenResponse("", id);
        nothing.begin();
        return nothing.events.bytes();
    }

    private void begin() {
        add("response.created", json -> response(json, false));
    }

    private Spoken spoken() {
        begin();
        add("response.output_item.added", json -> {
            json.writeNumberField("output_index", 0);
            json.writeFieldName("item");
            message(json, false);
        });
        add("response.content_part.added", json -> {
            place(json);
            json.writeFieldName("part");
            part(json, "");
        });
        add("response.output_text.delta", json -> {
            place(json);
            json.writeStringField("delta", text);
        });
        add("response.output_text.done", json -> {
            place(json);
            json.writeStringField("text", text);
        });
        add("response.content_part.done", json -> {
            place(json);
            json.writeFieldName("part");
            part(json, text);
        });
        add("response.output_item.done", json -> {
            json.writeNumberField("output_index", 0);
            json.writeFieldName("item");
            message(json, true);
        });
        add("response.completed", json -> response(json, true));
        return new Spoken(JsonText.of(json -> body(json, true)), events.bytes());
    }

    private void add(String type, JsonText.Writer content) {
        int sequence = number++;
        events = events.add(type, JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("type", type);
            json.writeNumberField("sequence_number", sequence);
            content.write(json);
            json.writeEndObject();
        }));
    }

    private void place(JsonGenerator json) throws IOException {
        json.writeStringField("item_id", item);
        json.writeNumberField("output_index", 0);
        json.writeNumberField("content_index", 0);
    }

    private void response(JsonGenerator json, boolean isDone) throws IOException {
        json.writeFieldName("response");
        body(json, isDone);
    }

    private void body(JsonGenerator json, boolean isDone) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("object", "response");
        json.writeNumberField("created_at", 0);
        json.writeStringField("status", isDone ? "completed" : "in_progress");
        json.writeNullField("error");
        json.writeNullField("incomplete_details");
        json.writeNullField("instructions");
        json.writeStringField("model", MODEL);
        json.writeBooleanField("parallel_tool_calls", false);
        json.writeStringField("tool_choice", "auto");
        json.writeArrayFieldStart("tools");
        json.writeEndArray();
        json.writeArrayFieldStart("output");
        if (isDone) {
            message(json, true);
        }
        json.writeEndArray();
        if (isDone) {
            usage(json);
        } else {
            json.writeNullField("usage");
        }
        json.writeEndObject();
    }

    private static void usage(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", 0);
        json.writeObjectFieldStart("input_tokens_details");
        json.writeNumberField("cached_tokens", 0);
        json.writeEndObject();
        json.writeNumberField("output_tokens", 0);
        json.writeObjectFieldStart("output_tokens_details");
        json.writeNumberField("reasoning_tokens", 0);
        json.writeEndObject();
        json.writeNumberField("total_tokens", 0);
        json.writeEndObject();
    }

    private void message(JsonGenerator json, boolean isDone) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", item);
        json.writeStringField("type", "message");
        json.writeStringField("status", isDone ? "completed" : "in_progress");
        json.writeStringField("role", "assistant");
        json.writeArrayFieldStart("content");
        if (isDone) {
            part(json, text);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void part(JsonGenerator json, String said) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "output_text");
        json.writeStringField("text", said);
        json.writeArrayFieldStart("annotations");
        json.writeEndArray();
        json.writeEndObject();
    }
}
