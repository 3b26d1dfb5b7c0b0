package dev.tollgate.store.redis;

import dev.tollgate.store.MoneyOracle;
import dev.tollgate.store.MoneyOracle.Claim;
import io.lettuce.core.ScriptOutputType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads along with everything that a Redis server does, in the one order in which it does it, and compares each reserve of any node with what
 * a {@link MoneyOracle} answers: Redis MONITOR, which tells the scripts' own commands behind each script.
 */
public final class RedisWitness implements AutoCloseable {
    private static final Pattern ARGUMENT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String COUNTER = ":counter:";
    private static final int FIXED_KEYS = 5;
    /** What each script reads before it decides: whose spend is there, and what the exchange holds. */
    private static final int UNDECIDED = 2;

    public final MoneyOracle oracle = new MoneyOracle();
    /** Answers that the oracle would not have given. */
    public final List<String> disagreements = new CopyOnWriteArrayList<>();

    private final Map<String, String> scripts = new HashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final String last = "witness-" + Long.toHexString(System.nanoTime());
    private final RedisProcess redis;
    private final Socket socket;
    private final BufferedReader lines;
    private List<String> call = List.of();
    private List<List<String>> inner = new ArrayList<>();

    public RedisWitness(RedisProcess redis) throws IOException {
        this.redis = redis;
        for (String name : List.of("reserve.lua", "raise.lua", "finish.lua", "sweep.lua", "restore.lua")) {
            // Sent beforehand, every call of it is one by its hash.
            String source = Script.of(name, ScriptOutputType.MULTI).source();
            scripts.put(redis.connection().sync().scriptLoad(source), name);
        }
        URI uri = URI.create(redis.uri());
        socket = new Socket(uri.getHost(), uri.getPort());
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
        if (!"+OK".equals(lines.readLine())) {
            throw new IOException("Redis does not let itself be watched");
        }
        Thread reading = Thread.ofPlatform().name("witness").daemon(true).start(this::read);
        reading.setUncaughtExceptionHandler((thread, failure) -> disagreements.add("the witness failed: " + failure));
    }

    /** Waits until everything that Redis has done so far is judged. */
    public void catchUp() throws InterruptedException {
        String unused = redis.connection().sync().echo(last);
        if (!ended.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the witness does not come to an end");
        }
    }

    private void read() {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(line);
            }
        } catch (IOException closed) {
            // Nobody looks any more.
            ended.countDown();
        }
    }

    private void take(String line) {
        int source = line.indexOf(']');
        List<String> words = words(line.substring(source + 1));
        if (line.substring(0, source).endsWith(" lua")) {
            inner.add(words);
            return;
        }
        judge();
        call = words;
        inner = new ArrayList<>();
        if (words.contains(last)) {
            ended.countDown();
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher argument = ARGUMENT.matcher(line);
        while (argument.find()) {
            words.add(argument.group(1));
        }
        return words;
    }

    private void judge() {
        String name = call.size() < 3 || !call.get(0).equalsIgnoreCase("EVALSHA")
                ? ""
                : scripts.getOrDefault(call.get(1), "");
        int keys = Integer.parseInt(name.isEmpty() ? "0" : call.get(2));
        List<String> arguments = call.subList(Math.min(call.size(), 3 + keys), call.size());
        switch (name) {
            case "reserve.lua" -> judge(name, arguments, oracleReserves(keys, arguments));
            case "raise.lua" -> judge(name, arguments, oracleRaises(keys, arguments));
            case "finish.lua" -> finish(keys, arguments);
            case "sweep.lua" -> sweep();
            case "restore.lua" -> {
                if (inner.size() > 1) {
                    disagreements.add("spend was put back into counters that were never lost");
                }
            }
            default -> {}
        }
    }

    private boolean oracleReserves(int keys, List<String> arguments) {
        return inner.size() <= UNDECIDED || oracle.reserve(arguments.get(0), claims(keys, arguments));
    }

    private boolean oracleRaises(int keys, List<String> arguments) {
        return inner.size() <= UNDECIDED || oracle.raise(arguments.get(0), claims(keys, arguments));
    }

    private void judge(String name, List<String> arguments, boolean fits) {
        boolean isGranted = inner.stream().anyMatch(command -> command.get(0).equals("ZADD"));
        if (inner.size() > UNDECIDED && isGranted != fits) {
            disagreements.add(name + " of " + arguments.get(0) + (fits ? " fits" : " does not fit") + ", and was "
                    + (isGranted ? "granted" : "refused"));
        }
    }

    private List<Claim> claims(int keys, List<String> arguments) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < keys - FIXED_KEYS; i++) {
            int at = 4 + 4 * i;
            claims.add(new Claim(counter(i), Long.parseLong(arguments.get(at)), Long.parseLong(arguments.get(at + 1))));
        }
        return claims;
    }

    private String counter(int index) {
        String key = call.get(3 + FIXED_KEYS + index);
        return key.substring(key.indexOf(COUNTER) + COUNTER.length());
    }

    private void finish(int keys, List<String> arguments) {
        if (inner.size() < UNDECIDED) {
            return;
        }
        Map<String, Long> charges = new HashMap<>();
        for (int i = 0; i < keys - FIXED_KEYS; i++) {
            charges.put(counter(i), Long.parseLong(arguments.get(4 + 2 * i)));
        }
        oracle.finish(arguments.get(0), charges);
    }

    private void sweep() {
        for (List<String> command : inner) {
            if (command.get(0).equals("HSET") && command.contains("swept")) {
                String key = command.get(1);
                oracle.sweep(key.substring(key.lastIndexOf(':') + 1));
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
