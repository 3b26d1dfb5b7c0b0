package dev.tollgate.audit.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.seal.Checkpoint.Seen;
import dev.tollgate.audit.seal.Checkpoint.TreeHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SignedNoteTest {
    private static final String NAME = "tollgate.dev/abcdefghij";
    private final SigningKey key = SigningKey.generate(NAME);

    @Test
    void note_signed_isTextThenBlankLineThenSignature() {
        String note = key.sign("one\ntwo\n").toString();

        assertThat(note).startsWith("one\ntwo\n\n\u2014 " + NAME + " ").endsWith("\n");
        byte[] signature = Base64.getDecoder()
                .decode(note.substring(note.lastIndexOf(' ') + 1).strip());
        assertThat(signature).hasSize(4 + 64);
        assertThat(SignedNote.parse(note).toString()).isEqualTo(note);
        assertThat(key.verifier().verifies(SignedNote.parse(note))).isTrue();
    }

    @Test
    void key_asText_hasTheIdOfItsHash() throws Exception {
        String text = key.verifier().toString();

        String[] parts = text.split("\\+", 3);
        byte[] typed = Base64.getDecoder().decode(parts[2]);
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update((NAME + "\n").getBytes(StandardCharsets.UTF_8));
        assertThat(parts[1]).isEqualTo(HexFormat.of().formatHex(Arrays.copyOf(sha.digest(typed), 4)));
        assertThat(typed[0]).isEqualTo((byte) 1);
        assertThat(VerifierKey.parse(text)).isEqualTo(key.verifier());
        assertThat(VerifierKey.parsePem(NAME, key.verifier().pem())).isEqualTo(key.verifier());
    }

    @Test
    void key_asFile_comesBackAndSigns() {
        SigningKey again = SigningKey.parse(key.toFile());

        assertThat(again.verifier()).isEqualTo(key.verifier());
        assertThat(key.verifier().verifies(again.sign("text\n"))).isTrue();
        assertThat(again.toString()).contains("redacted");
    }

    @Test
    void keyFile_withHalvesOfTwoKeys_isRefused() {
        String mixed = key.toFile()
                .replace(
                        key.verifier().toString(),
                        SigningKey.generate(NAME).verifier().toString());

        assertThatThrownBy(() -> SigningKey.parse(mixed)).hasMessageContaining("do not fit each other");
    }

    @Test
    void signature_ofAnotherTextOrKey_doesNotVerify() {
        SignedNote note = key.sign("text\n");

        assertThat(key.verifier().verifies(new SignedNote("other\n", note.signatures())))
                .isFalse();
        assertThat(SigningKey.generate(NAME).verifier().verifies(note)).isFalse();
        assertThat(key.verifier()
                        .verifies(new SignedNote(
                                "text\n",
                                List.of(
                                        note.signatures().getFirst(),
                                        key.sign("other\n").signatures().getFirst()))))
                .as("a bad signature of a known key spoils the note")
                .isFalse();
    }

    @Test
    void whatIsNoNote_orNoKey_isRefused() {
        for (String note : List.of(
                "", "text\n", "text\n\nno signature\n", "text\n\n\u2014 name\n", "a\tb\n\n\u2014 n AAAAAAAA\n")) {
            assertThatThrownBy(() -> SignedNote.parse(note)).isInstanceOf(IllegalArgumentException.class);
        }
        String vkey = key.verifier().toString();
        for (String text :
                List.of("", vkey.replace("+", " "), vkey.substring(1), vkey.substring(0, vkey.length() - 4))) {
            assertThatThrownBy(() -> VerifierKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void checkpoint_writtenAndRead_isEqual() {
        String root = Base64.getEncoder().encodeToString(new byte[32]);
        Checkpoint checkpoint = new Checkpoint(
                NAME,
                new TreeHead(1042, root),
                "abcdefghij.000001.wxyz/41 " + "0".repeat(64),
                Instant.parse("2026-11-21T14:00:00.123456Z"),
                Optional.of(new TreeHead(1000, root)),
                List.of(new Seen("tollgate.dev/bbbbbbbbbb", new TreeHead(7, root))),
                Checkpoint.End.CLOSED);

        assertThat(checkpoint.text()).startsWith(NAME + "\n1042\n" + root + "\nhead ");
        assertThat(Checkpoint.parse(checkpoint.text())).isEqualTo(checkpoint);
        assertThat(checkpoint.text()).endsWith("\nend closed\n");
        assertThat(Checkpoint.parse(checkpoint.text().replace("end closed", "end open"))
                        .end())
                .isEqualTo(Checkpoint.End.OPEN);
        assertThat(Checkpoint.parse(checkpoint.text().replace("end closed\n", ""))
                        .end())
                .isEqualTo(Checkpoint.End.UNTOLD);
        assertThat(Checkpoint.parse(NAME + "\n0\n" + root + "\nlater line\n").previous())
                .isEmpty();
        for (String text : List.of("", "x\n1\n", NAME + "\n01\n" + root + "\n", NAME + "\n1\nAAAA\n")) {
            assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
