package dev.tollgate.audit.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.KeptOwner;
import dev.tollgate.approval.KeptReply;
import dev.tollgate.store.memory.MemoryKeptReplies;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SealedRepliesTest {
    private static final Instant NOW = Instant.parse("2026-05-04T23:59:59Z");
    private static final String SAID = "the reply ".repeat(50);

    private final MemoryKeptReplies store = new MemoryKeptReplies();

    private static String key() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    @Test
    void withAKey_theStoreSeesNothing_andOnlyTheKeyOpensIt() {
        PayloadKeys keys = PayloadKeys.parse(key());
        KeptReply reply = new KeptReply(
                "f1",
                "",
                "ex_1",
                "a/b",
                "text/plain",
                SAID.getBytes(StandardCharsets.UTF_8),
                NOW.plusSeconds(60),
                new KeptOwner("t", "a", "s", "", NOW),
                null);

        assertThat(new SealedReplies(store, keys).put(reply, NOW).succeeded()).isTrue();

        assertThat(store.find("f1", NOW).result().orElseThrow().body())
                .asString(StandardCharsets.ISO_8859_1)
                .doesNotContain("reply");
        assertThat(new SealedReplies(store, keys)
                        .find("f1", NOW)
                        .result()
                        .orElseThrow()
                        .body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(SAID);
        assertThat(new SealedReplies(store, PayloadKeys.parse(key()))
                        .find("f1", NOW)
                        .failed())
                .isTrue();

        // What was erased is no damaged reply, also for who has the key no more.
        assertThat(new SealedReplies(store, keys)
                        .erase(new Erasure("team:t", NOW, "ann", "asked"))
                        .result())
                .isEqualTo(1);
        assertThat(new SealedReplies(store, PayloadKeys.parse(key()))
                        .find("f1", NOW)
                        .result()
                        .orElseThrow()
                        .erased())
                .isNotNull();
    }
}
