package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedReader;
import java.io.IOException;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own, as {@code tollgate serve} starts it, on free ports, with its first key. */
public final class GatewayProcess implements AutoCloseable {
    private static final Pattern CURL =
            Pattern.compile("curl (http://\\S+)/v1/chat/completions -H 'Authorization: Bearer (\\S+)'");
    private static final Pattern AGENTS = Pattern.compile("agents +(http://\\S+)/v1 ");
    private static final Pattern PEOPLE = Pattern.compile("people +(http://\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final HttpClient client;
    private final String url;
    private final String key;
    private final String console;

    private GatewayProcess(Process process, String url, String key, String console) {
        this.process = process;
        this.url = url;
        this.key = key;
        this.console = console;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
    }

    /** The options that name a node's data folder and free ports. */
    static List<String> options(Path data, String... overrides) {
        List<String> options = new ArrayList<>();
        List<String> settings = new ArrayList<>(
                List.of("server.data_folder=" + data, "server.data_plane.port=0", "server.console.port=0"));
        settings.addAll(List.of(overrides));
        for (String setting : settings) {
            options.add("--set");
            options.add(setting);
        }
        return options;
    }

    /** Starts one with a data folder that is not there yet. */
    static GatewayProcess start(Path data, String... overrides) throws IOException {
        return await(launch(data, options(data, overrides)), data);
    }

    /** Starts one with a bundle of its own. */
    public static GatewayProcess startWith(Path policies, Path data, String... overrides) throws IOException {
        return await(launchWith(policies, data, overrides), data);
    }

    /** Starts one with a bundle of its own that may keep it from starting. Standard error goes to {@code stderr.txt} beside the data folder. */
    static Process launchWith(Path policies, Path data, String... overrides) throws IOException {
        List<String> options = options(data, overrides);
        options.addAll(List.of("--policies", policies.toString()));
        return launch(data, options);
    }

    /** Where it puts temporary files. */
    static Path temporary(Path data) {
        return data.resolveSibling("tmp");
    }

    private static Process launch(Path data, List<String> options) throws IOException {
        Path temporary = Files.createDirectories(temporary(data));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tollgate.Main",
                "serve"));
        command.addAll(options);
        return new ProcessBuilder(command)
                .redirectError(data.resolveSibling("stderr.txt").toFile())
                .start();
    }

    private static GatewayProcess await(Process process, Path data) throws IOException {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String console = "";
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher people = PEOPLE.matcher(line);
            if (people.find()) {
                console = people.group(1);
            }
            Matcher curl = CURL.matcher(line);
            if (curl.find()) {
                return new GatewayProcess(process, curl.group(1), curl.group(2), console);
            }
        }
        process.destroyForcibly();
        throw new IOException("the gateway did not start, see " + data.resolveSibling("stderr.txt"));
    }

    /** Where agents reach it. */
    public String url() {
        return url;
    }

    /** Key of the first agent. */
    public String key() {
        return key;
    }

    /** Where its console is. */
    public String consoleUrl() {
        return console;
    }

    /** What the console answers at a path, to whoever holds this token. */
    String console(String path, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(console + path))
                .header("Authorization", "Bearer " + token)
                .timeout(PATIENCE)
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    /** One chat call, waited for. */
    HttpResponse<String> chat(String model) throws IOException, InterruptedException {
        return chat(model, key);
    }

    /** One chat call with another key. */
    HttpResponse<String> chat(String model, String key) throws IOException, InterruptedException {
        return ask(model, key, "Hello");
    }

    /** One chat call that says this. */
    HttpResponse<String> ask(String model, String text) throws IOException, InterruptedException {
        return ask(model, key, text);
    }

    private HttpResponse<String> ask(String model, String key, String text) throws IOException, InterruptedException {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /**
     * Starts another node on the stores that the bundle names, on free ports.
     *
     * @param data its data folder, in which the admin token may lie already
     * @param key of an agent that the stores know
     */
    public static GatewayProcess beside(Path policies, Path data, String key) throws IOException {
        List<String> options = options(data);
        options.addAll(List.of("--policies", policies.toString()));
        Process process = launch(data, options);
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String url = "";
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher agents = AGENTS.matcher(line);
            Matcher people = PEOPLE.matcher(line);
            if (agents.find()) {
                url = agents.group(1);
            } else if (people.find()) {
                return new GatewayProcess(process, url, key, people.group(1));
            }
        }
        process.destroyForcibly();
        throw new IOException("the gateway did not start, see " + data.resolveSibling("stderr.txt"));
    }

    /** Starts a killed one again, with its bundle, data and ports. */
    public GatewayProcess again(Path policies, Path data, int port, int consolePort) throws IOException {
        List<String> options = new ArrayList<>(List.of("--policies", policies.toString()));
        for (String setting : List.of(
                "server.data_folder=" + data, "server.data_plane.port=" + port, "server.console.port=" + consolePort)) {
            options.addAll(List.of("--set", setting));
        }
        Process again = launch(data, options);
        BufferedReader said = again.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (PEOPLE.matcher(line).find()) {
                return new GatewayProcess(again, url, key, console);
            }
        }
        throw new IOException("the gateway did not start again, see " + data.resolveSibling("stderr.txt"));
    }

    /** Ends it as {@code kill -9} does. */
    @CanIgnoreReturnValue
    public GatewayProcess kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return this;
    }

    /** Tells it to end, as {@code kill} and Ctrl-C do. */
    void askToEnd() {
        process.destroy();
    }

    /** Whether it ended in this time. */
    boolean hasEndedWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        client.shutdownNow();
    }
}
