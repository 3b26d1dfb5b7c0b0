package dev.tollgate.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tollgate.audit.seal.Checkpoint.TreeHead;
import dev.tollgate.audit.seal.CompactRange;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** {@link Seals} as members of a JSON object. */
final class SealsMembers {
    private static final HexFormat HEX = HexFormat.of();

    private SealsMembers() {}

    static void write(CanonicalJson json, Seals seals) {
        json.number("records", seals.tree().size())
                .texts(
                        "hashes",
                        seals.tree().hashes().stream().map(HEX::formatHex).toList())
                .number("unsealed", seals.unsealed())
                .text("key", seals.key())
                .texts("signers", seals.signers().stream().map(Signer::written).toList());
        Optional<TreeHead> last = seals.last();
        if (last.isPresent()) {
            json.number("last_size", last.get().size())
                    .text("last_root", last.get().root())
                    .moment("last_at", seals.at());
        }
    }

    static Seals read(JsonParser json) throws IOException {
        long records = 0;
        List<String> hashes = List.of();
        long unsealed = 0;
        String key = "";
        List<String> signers = List.of();
        long lastSize = -1;
        String lastRoot = "";
        Instant lastAt = Instant.MIN;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "records" -> records = json.getLongValue();
                case "hashes" -> hashes = RecordReader.strings(json);
                case "unsealed" -> unsealed = json.getLongValue();
                case "key" -> key = json.getText();
                case "signers" -> signers = RecordReader.strings(json);
                case "last_size" -> lastSize = json.getLongValue();
                case "last_root" -> lastRoot = json.getText();
                case "last_at" -> lastAt = Moments.parse(json.getText());
                default -> json.skipChildren();
            }
        }
        Seals seals = new Seals(
                CompactRange.of(records, hashes.stream().map(HEX::parseHex).toList()));
        Optional<TreeHead> last = lastSize < 0 ? Optional.empty() : Optional.of(new TreeHead(lastSize, lastRoot));
        seals.restore(unsealed, last, lastAt, key);
        seals.restoreSigners(signers.stream().map(Signer::parse).toList());
        return seals;
    }
}
