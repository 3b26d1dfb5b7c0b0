package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ImageTest {
    @Test
    void digits_everyByteBesideEveryOther_tellsExactlyTheDigits() {
        for (int one = 0; one < 256; one++) {
            for (int other = 0; other < 256; other++) {
                long eight = 0;
                long expected = 0;
                for (int place = 0; place < Long.BYTES; place++) {
                    final long here = place % 3 == 0 ? one : other;
                    eight |= here << (Byte.SIZE * place);
                    expected |= here >= '0' && here <= '9' ? 1L << place : 0;
                }
                assertThat(Image.digits(eight)).as("%d beside %d", one, other).isEqualTo(expected);
            }
        }
    }
}
