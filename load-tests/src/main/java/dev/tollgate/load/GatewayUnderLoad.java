package dev.tollgate.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A gateway in a process of its own, on a folder and a port that stay the same when it is started again, and the calls that it served. Safe on any thread. */
final class GatewayUnderLoad {
    /** For whatever must come soon: a start, a reply, an end. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern KEY = Pattern.compile("Authorization: Bearer (\\S+)'");
    private static final String BODY = "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private final Path folder;
    private final List<String> javaOptions;
    private final String mongo;
    private final int port;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Set<String> served = ConcurrentHashMap.newKeySet();
    private volatile String key = "";

    /**
     * @param folder is made where it is missing, and must be empty
     * @param mongo where it keeps what several nodes share; empty for none
     */
    GatewayUnderLoad(Path folder, List<String> javaOptions, String mongo) throws IOException {
        try (Stream<Path> there = Files.list(Files.createDirectories(folder))) {
            if (there.findAny().isPresent()) {
                throw new IOException(folder + " is not empty");
            }
        }
        this.folder = folder.toAbsolutePath();
        this.javaOptions = List.copyOf(javaOptions);
        this.mongo = mongo;
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
    }

    Path data() {
        return folder.resolve("data");
    }

    /** Calls whose whole reply a client had. */
    Set<String> served() {
        return served;
    }

    /** Starts it, and waits until it takes calls. */
    Process start() throws IOException {
        Path errors = folder.resolve("stderr.txt");
        Process process = new ProcessBuilder(command())
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher shown = KEY.matcher(line);
            if (key.isEmpty() && shown.find() && !shown.group(1).contains("$")) {
                key = shown.group(1);
            }
            // The last line that it says names its address, once it listens there.
            if (!key.isEmpty() && line.contains("http://127.0.0.1:" + port)) {
                Thread.ofVirtual().start(() -> readOn(said));
                return process;
            }
        }
        throw new IOException("the gateway did not start: see " + errors);
    }

    private static void readOn(BufferedReader said) {
        try {
            while (said.readLine() != null) {
                // Of no interest, but a full pipe would hold the gateway up.
            }
        } catch (IOException killed) {
            // It says no more.
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.tollgate.Main", "serve"));
        List<String> settings = new ArrayList<>(
                List.of("server.data_folder=" + data(), "server.data_plane.port=" + port, "server.console.port=0"));
        if (!mongo.isEmpty()) {
            settings.add("store.mongo=" + mongo);
        }
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        return command;
    }

    /** Ends it as {@code kill -9} does. */
    static void kill(Process gateway) throws IOException, InterruptedException {
        gateway.destroyForcibly();
        if (!gateway.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("the gateway does not die");
        }
    }

    /** Asks it for a small answer; whether it served one. */
    boolean call() throws IOException, InterruptedException {
        HttpResponse<String> reply = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.ofString(BODY))
                        .build(),
                BodyHandlers.ofString());
        if (reply.statusCode() != 200) {
            return false;
        }
        served.add(reply.headers().firstValue("x-tollgate-exchange-id").orElseThrow());
        return true;
    }
}
