package dev.tollgate.wire;

import static dev.tollgate.wire.Replies.meter;
import static dev.tollgate.wire.Replies.usage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AwsMessageReaderTest {
    private static final int MAX_MESSAGE = 1000;

    private static byte[] joined(byte[]... messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            all.writeBytes(message);
        }
        return all.toByteArray();
    }

    private static CutEvents read(byte[] stream, int chunkSize) {
        return CutEvents.of(stream, chunkSize, new AwsMessageReader(MAX_MESSAGE));
    }

    @Test
    void messages_cutAnywhere_areTheSame() {
        byte[] stream = joined(
                AwsMessages.event("contentBlockDelta", "{\"delta\":{\"text\":\"é😀\"}}"),
                AwsMessages.write(new AwsMessages.Message(Map.of(), "")),
                AwsMessages.write(new AwsMessages.Message(
                        Map.of(":message-type", "exception", ":exception-type", "throttlingException"), "{}")));
        for (int chunkSize = 1; chunkSize <= stream.length; chunkSize++) {
            CutEvents events = read(stream, chunkSize);

            assertThat(events.seen)
                    .containsExactly("aws:contentBlockDelta|{\"delta\":{\"text\":\"é😀\"}}", "-|", "aws:exception|{}");
            assertThat(events.raw.toByteArray()).isEqualTo(stream);
        }
    }

    @Test
    void wrappingOfInvokedModels_isUndone() {
        String inside = "{\"type\":\"message_stop\"}";
        String base64 = Base64.getEncoder().encodeToString(inside.getBytes(UTF_8));

        CutEvents events = read(AwsMessages.event("chunk", "{\"bytes\":\"" + base64 + "\",\"p\":\"abc\"}"), 100);

        assertThat(events.seen).containsExactly("aws:chunk|" + inside);
    }

    @Test
    void whatIsNoMessage_andWhatIsTooLarge_passesUnread() {
        byte[] event = AwsMessages.event("contentBlockDelta", "{}");
        List<byte[]> streams = List.of(
                "data: {}\n\n and some more".getBytes(UTF_8),
                joined(event, new byte[40], event),
                joined(event, AwsMessages.event("chunk", "x".repeat(2 * MAX_MESSAGE)), event),
                java.util.Arrays.copyOf(event, event.length - 1),
                new byte[3]);
        for (byte[] stream : streams) {
            for (int chunkSize : new int[] {1, 7, 10_000}) {
                CutEvents events = read(stream, chunkSize);

                assertThat(events.raw.toByteArray()).isEqualTo(stream);
                assertThat(events.seen).contains("piece");
            }
        }
    }

    @Test
    void answersOfBedrock_areMeteredByMessage() {
        byte[] stream = joined(
                AwsMessages.event("messageStart", "{\"role\":\"assistant\"}"),
                AwsMessages.event(
                        "contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Hi\"},\"p\":\"abcd\"}"),
                AwsMessages.event("messageStop", "{\"stopReason\":\"end_turn\"}"),
                AwsMessages.event("metadata", "{\"usage\":{\"inputTokens\":4,\"outputTokens\":5}}"));
        ReplyMeter meter = meter("opaque");
        List<ReplyMeter.Step> steps = new ArrayList<>();

        new AwsMessageReader(MAX_MESSAGE).feed(stream, 0, stream.length, new StreamReader.Sink() {
            @Override
            public void event(byte[] raw, @Nullable String name, byte @Nullable [] data) {
                steps.add(meter.onEvent(name, data));
            }

            @Override
            public void piece(byte[] raw) {
                throw new AssertionError("every message is one");
            }
        });

        assertThat(steps)
                .containsExactly(
                        ReplyMeter.Step.PASS, ReplyMeter.Step.PASS, ReplyMeter.Step.PASS, ReplyMeter.Step.LAST);
        assertThat(meter.reported()).isEqualTo(usage(4, 0, 5, 0));
        assertThat(meter.output().take().texts()).containsExactly("Hi");
        assertThat(meter.toldAll()).isTrue();
    }
}
