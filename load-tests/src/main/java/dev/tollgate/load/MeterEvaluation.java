package dev.tollgate.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter;
import dev.tollgate.wire.SseReader;
import dev.tollgate.wire.Wire;
import dev.tollgate.wire.Wires;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Meters recorded replies and compares with the usage noted beside each: {@code MeterEvaluation recorded.jsonl.gz}. Prints what is equal
 * and what differs per provider, and every difference. A reply whose row has no usage must tell none.
 */
public final class MeterEvaluation {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int[] CHUNK_SIZES = {1, 7, 1024, 65536};
    private static final int MAX_EVENT_BYTES = 8 << 20;

    private static final List<String> TOLD = List.of(
            "input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning", "audio_in", "audio_out");

    private final Wires wires = new Wires();
    private final Map<String, int[]> counts = new TreeMap<>();
    private final PrintStream out;

    private MeterEvaluation(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: MeterEvaluation <rows as gzipped JSON lines>");
            return;
        }
        new MeterEvaluation(System.out).run(Path.of(arguments[0]));
    }

    private void run(Path rows) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(rows)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                row(MAPPER.readTree(line));
            }
        }
        int equal = 0;
        int different = 0;
        for (Map.Entry<String, int[]> provider : counts.entrySet()) {
            out.printf(
                    "%-26s %4d equal, %d different%n",
                    provider.getKey(), provider.getValue()[0], provider.getValue()[1]);
            equal += provider.getValue()[0];
            different += provider.getValue()[1];
        }
        out.printf("%-26s %4d equal, %d different%n", "all", equal, different);
    }

    private void row(JsonNode row) {
        List<Long> told = told(row.path("usage"), row.path("provider_cost_usd"));
        List<Long> metered = List.of();
        boolean same = true;
        for (int chunkSize : CHUNK_SIZES) {
            metered = numbers(meter(row, chunkSize));
            same &= metered.equals(told);
        }
        int[] count = counts.computeIfAbsent(row.path("provider").asText(), provider -> new int[2]);
        count[same ? 0 : 1]++;
        if (!same) {
            out.println(row.path("id").asText() + " told " + told + " metered " + metered);
        }
    }

    private @Nullable Usage meter(JsonNode row, int chunkSize) {
        String path =
                row.path("path").asText().replaceFirst("^/(v\\d\\w*/)?", "").replaceFirst("\\?.*", "");
        Wire wire = wires.forPath(row.path("method").asText(), path);
        ReplyMeter meter = wire.meter(facts(row, wire, path));
        byte[] body = body(row, "response_body");
        if (row.path("response_headers").path("content-type").asText().startsWith("text/event-stream")) {
            feed(body, chunkSize, meter);
        } else {
            meter.onBody(body);
        }
        return meter.reported();
    }

    private static Facts facts(JsonNode row, Wire wire, String path) {
        byte[] body = body(row.path("request"), "body");
        String type = row.path("request").path("headers").path("content-type").asText();
        return wire.read(new Wire.Request(
                row.path("method").asText(), path, body, type.replaceFirst(";.*", ""), type, json(body)));
    }

    private static Json.@Nullable Obj json(byte[] body) {
        try {
            return JsonReader.readObject(body);
        } catch (JsonReader.JsonRefused refused) {
            return null;
        }
    }

    private static void feed(byte[] body, int chunkSize, ReplyMeter meter) {
        SseReader reader = new SseReader(MAX_EVENT_BYTES);
        SseReader.Sink sink = new SseReader.Sink() {
            @Override
            public void event(byte[] raw, @Nullable String name, byte @Nullable [] data) {
                if (data != null) {
                    var unused = meter.onEvent(name, data);
                }
            }

            @Override
            public void piece(byte[] raw) {}
        };
        for (int at = 0; at < body.length; at += chunkSize) {
            reader.feed(body, at, Math.min(chunkSize, body.length - at), sink);
        }
        reader.finish(sink);
    }

    private static byte[] body(JsonNode holder, String name) {
        return holder.has(name + "_base64")
                ? Base64.getDecoder().decode(holder.path(name + "_base64").asText())
                : holder.path(name).asText().getBytes(StandardCharsets.UTF_8);
    }

    /** Input and output whole, then the parts that rows have too, then the provider's own bill; zero where nothing is told. */
    private static List<Long> told(JsonNode usage, JsonNode dollars) {
        List<Long> numbers = new ArrayList<>();
        for (String name : TOLD) {
            numbers.add(usage.path(name).asLong());
        }
        // Rows hold the bill as a binary fraction: what its last digits got wrong must not become a nano-dollar.
        numbers.add(new BigDecimal(dollars.asDouble(), new MathContext(12))
                .movePointRight(9)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact());
        return numbers;
    }

    private static List<Long> numbers(@Nullable Usage metered) {
        Usage usage = metered == null ? Usage.NONE : metered;
        NanoUsd bill = usage.providerCost();
        return List.of(
                usage.totalInput(),
                usage.totalOutput(),
                usage.cacheRead(),
                usage.cacheWrite(),
                usage.cacheWriteLong(),
                usage.reasoning(),
                usage.audioInput(),
                usage.audioOutput(),
                bill == null ? 0 : bill.nanos());
    }
}
