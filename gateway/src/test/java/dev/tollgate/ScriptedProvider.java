package dev.tollgate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model provider that does byte for byte what a script says. A request names its script in the header {@code x-script}; without one it
 * gets an ordinary chat completion. Blocking, one thread per connection.
 */
public final class ScriptedProvider implements AutoCloseable {
    /** What the provider does with one request. */
    @FunctionalInterface
    public interface Script {
        void play(Turn turn) throws Exception;
    }

    /**
     * One request.
     *
     * @param number how many requests with this script there were before it
     */
    public record Turn(Socket socket, OutputStream out, String head, String body, int number) {
        public void send(String text) throws IOException {
            out.write(text.getBytes(UTF_8));
            out.flush();
        }

        public void json(int status, String body) throws IOException {
            send("HTTP/1.1 " + status + " X\r\ncontent-type: application/json\r\ncontent-length: "
                    + body.getBytes(UTF_8).length + "\r\n\r\n" + body);
        }

        public void streamHead() throws IOException {
            streamHead("text/event-stream");
        }

        public void streamHead(String type) throws IOException {
            send("HTTP/1.1 200 OK\r\ncontent-type: " + type + "\r\ntransfer-encoding: chunked\r\n\r\n");
        }

        public void chunk(String text) throws IOException {
            chunk(text.getBytes(UTF_8));
        }

        public void chunk(byte[] bytes) throws IOException {
            out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
            out.write(bytes);
            send("\r\n");
        }

        /** Ends the connection so that the other side reads an error, not an end. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Waits until the other side closes. */
        public void waitForClose() throws IOException {
            int unused = socket.getInputStream().read();
        }
    }

    public static final String COMPLETION =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"message\":"
                    + "{\"role\":\"assistant\",\"content\":\"fine\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}";

    public final int port;
    /** Bodies of all requests, in order. */
    public final List<String> bodies = new CopyOnWriteArrayList<>();

    public final List<String> heads = new CopyOnWriteArrayList<>();
    public final AtomicInteger connections = new AtomicInteger();

    private final ServerSocket server;
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> played = new ConcurrentHashMap<>();

    public ScriptedProvider() throws IOException {
        server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        port = server.getLocalPort();
        Thread.ofVirtual().start(this::accept);
    }

    @CanIgnoreReturnValue
    public ScriptedProvider on(String name, Script script) {
        scripts.put(name, script);
        return this;
    }

    /** How many requests named this script. */
    public int requests(String name) {
        AtomicInteger count = played.get(name);
        return count == null ? 0 : count.get();
    }

    private void accept() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                // What a script sends in pieces arrives in pieces, and at once.
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (!socket.isClosed()) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                String length = field(head, "content-length");
                String body = new String(in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length)), UTF_8);
                heads.add(head);
                bodies.add(body);
                String name = field(head, "x-script");
                int number =
                        played.computeIfAbsent(name, any -> new AtomicInteger()).getAndIncrement();
                scripts.getOrDefault(name, turn -> turn.json(200, COMPLETION))
                        .play(new Turn(socket, socket.getOutputStream(), head, body, number));
            }
        } catch (Exception gone) {
            // The gateway has had enough: nothing more to do on this connection.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (b == '\n' && head.toString().endsWith("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    /** The value of a header field; empty if there is none. */
    public static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** Bytes of a head as they come, for answers that no server would write. */
    public static byte[] raw(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
