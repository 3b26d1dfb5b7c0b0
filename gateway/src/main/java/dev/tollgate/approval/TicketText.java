package dev.tollgate.approval;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Records of this package as JSON, for stores. What a newer program has added is passed over, what an older one left out has its default. */
public final class TicketText {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .visibility(PropertyAccessor.GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, new InstantWriter())
                    .addDeserializer(Instant.class, new InstantReader()))
            .build();

    private TicketText() {}

    /** A record as text. */
    public static String write(Record record) {
        try {
            return MAPPER.writeValueAsString(record);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a record of ours is JSON", impossible);
        }
    }

    /** The details of a ticket; those of one that was kept without any are the usual ones. */
    public static TicketDetails details(@Nullable String text) {
        return text == null ? TicketDetails.NONE : read(TicketDetails.class, text);
    }

    /** A standing grant as it was made. */
    public static StandingGrant grant(String text) {
        return read(StandingGrant.class, text);
    }

    /**
     * A record from its text.
     *
     * @throws IllegalStateException if the store keeps something else
     */
    static <T extends Record> T read(Class<T> type, String text) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("the store keeps no " + type.getSimpleName(), damaged);
        }
    }

    private static final class InstantWriter extends StdSerializer<Instant> {
        private static final long serialVersionUID = 1;

        InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant moment, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(moment.toString());
        }
    }

    private static final class InstantReader extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1;

        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return Instant.parse(json.getText());
        }
    }
}
