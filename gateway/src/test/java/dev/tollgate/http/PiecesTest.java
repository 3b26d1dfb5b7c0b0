package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PiecesTest {
    @Test
    void add_ofOne_keepsIt() {
        Pieces pieces = new Pieces();

        pieces.add(Buffer.buffer("one"));

        assertThat(pieces.length()).isEqualTo(3);
        assertThat(pieces.take()).asString().isEqualTo("one");
        assertThat(pieces.length()).as("taken once").isZero();
    }

    @Test
    void add_behindAPartOfWhatWasReadAtOnce_leavesTheRestOfItAlone() {
        ByteBuf readAtOnce = Unpooled.copiedBuffer("head one rest", StandardCharsets.US_ASCII);
        Pieces pieces = new Pieces();

        pieces.add(BufferInternal.buffer(readAtOnce.slice(5, 3)));
        pieces.add(Buffer.buffer(" two".repeat(10_000)));
        pieces.add(Buffer.buffer(" three"));

        assertThat(pieces.take()).asString().isEqualTo("one" + " two".repeat(10_000) + " three");
        assertThat(readAtOnce.toString(StandardCharsets.US_ASCII)).isEqualTo("head one rest");
    }

    @Test
    void take_ofNone_isNothing() {
        assertThat(new Pieces().take()).isEmpty();
    }
}
