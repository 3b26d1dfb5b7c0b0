package dev.tollgate.load;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Opens many streams to a gateway that holds all of them for a person, measures the gateway while they wait, approves them through the API, and waits for
 * their answers. Usage: {@code HeldStreams STREAMS SECONDS PORT KEY,KEY,… CONSOLE_PORT ADMIN_TOKEN PID}. Ends with 0 if each stream got its answer.
 */
public final class HeldStreams {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** Connections that are opened and not yet taken at one time: what a listen queue bears. */
    private static final int OPENING = 64;

    private static final int APPROVING = 16;
    private static final int PAGE = 500;
    private static final int TICKS_PER_SECOND = 100;
    private static final int TICK_MILLIS = 100;
    private static final Pattern TICKET = Pattern.compile("\"id\":\"([^\"]+)\",\"state\":\"pending\"");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final PrintStream out = System.out;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Stream> streams = new ArrayList<>();
    private final ByteBuffer read = ByteBuffer.allocateDirect(1 << 16);
    private final Selector selector;
    private final InetSocketAddress plane;
    private final List<String> keys;
    private final String api;
    private final String token;
    private final String process;
    private int connecting;
    private String firstEnd = "";

    private HeldStreams(int port, String keys, int console, String token, String process) throws IOException {
        this.selector = Selector.open();
        this.plane = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.keys = List.of(keys.split(","));
        this.api = "http://127.0.0.1:" + console + "/api/v1/tickets";
        this.token = token;
        this.process = process;
    }

    /** One client's connection and what came over it. */
    private static final class Stream {
        private static final int TAIL = 16;
        private static final String GOOD = "HTTP/1.1 200";
        private final StringBuilder tail = new StringBuilder();
        private final int number;
        private long bytes;
        private boolean isDone;
        private boolean isBroken;

        Stream(int number) {
            this.number = number;
        }

        void take(ByteBuffer piece) throws IOException {
            bytes += piece.remaining();
            tail.append(StandardCharsets.ISO_8859_1.decode(piece));
            if (bytes == tail.length() && tail.length() >= GOOD.length() && tail.indexOf(GOOD) != 0) {
                throw new IOException("not held: " + tail);
            }
            isDone = isDone || tail.indexOf("[DONE]") >= 0;
            tail.delete(0, Math.max(0, tail.length() - TAIL));
        }
    }

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        HeldStreams load = new HeldStreams(
                Integer.parseInt(arguments[2]),
                arguments[3],
                Integer.parseInt(arguments[4]),
                arguments[5],
                arguments[6]);
        boolean good = load.run(count, Duration.ofSeconds(Long.parseLong(arguments[1])));
        System.exit(good ? 0 : 1);
    }

    private boolean run(int count, Duration waiting) throws Exception {
        long before = resident();
        long start = System.nanoTime();
        open(count);
        double sent = since(start);
        readUntil(stream -> stream.bytes > 0);
        if (broken() > 0) {
            throw new IOException(broken() + " streams ended, the first because " + firstEnd);
        }
        out.printf(
                "%,d streams, all sent within %.1f s, held within %.1f s; resident %,d MB before, %,d MB now: %,d KB a stream%n",
                count, sent, since(start), before >> 10, resident() >> 10, (resident() - before) / count);
        long[] bytes = streams.stream().mapToLong(stream -> stream.bytes).toArray();
        long cpu = cpuMillis();
        long then = System.nanoTime();
        while (System.nanoTime() - then < waiting.toNanos()) {
            readOnce();
        }
        long silent = 0;
        for (int i = 0; i < count; i++) {
            silent += streams.get(i).bytes == bytes[i] ? 1 : 0;
        }
        out.printf(
                "waiting for %.0f s: %.1f %% of a core, %,d MB resident, %,d streams without a heartbeat, %,d ended%n",
                since(then), (cpuMillis() - cpu) / since(then) / 10, resident() >> 10, silent, broken());
        return approve(count);
    }

    private boolean approve(int count) throws Exception {
        long start = System.nanoTime();
        long cpu = cpuMillis();
        long approved;
        try (ExecutorService people = Executors.newFixedThreadPool(APPROVING)) {
            Future<Long> approving = people.submit(() -> approveAll(people));
            while (!approving.isDone()) {
                readOnce();
            }
            approved = approving.get();
        }
        out.printf("%,d tickets approved in %.1f s%n", approved, since(start));
        readUntil(stream -> stream.isDone || stream.isBroken);
        long done = streams.stream().filter(stream -> stream.isDone).count();
        out.printf(
                "%,d streams answered within %.1f s, %.1f ms of CPU each, %,d MB resident%n",
                done, since(start), (double) (cpuMillis() - cpu) / count, resident() >> 10);
        return done == count && approved == count;
    }

    private long approveAll(ExecutorService people) throws Exception {
        long approved = 0;
        while (true) {
            List<Callable<Integer>> page = new ArrayList<>();
            Matcher tickets =
                    TICKET.matcher(send(HttpRequest.newBuilder(URI.create(api + "?state=pending&limit=" + PAGE)))
                            .body());
            while (tickets.find()) {
                URI ticket = URI.create(api + "/" + tickets.group(1) + "/approve");
                page.add(() -> send(HttpRequest.newBuilder(ticket)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode());
            }
            if (page.isEmpty()) {
                return approved;
            }
            for (Future<Integer> answer : people.invokeAll(page.subList(1, page.size()))) {
                approved += answer.get() == 200 ? 1 : 0;
            }
            approved += page.getFirst().call() == 200 ? 1 : 0;
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(
                request.header("Authorization", "Bearer " + token)
                        .timeout(PATIENCE)
                        .build(),
                BodyHandlers.ofString());
    }

    private void open(int count) throws IOException {
        while (streams.size() < count) {
            for (; connecting < OPENING && streams.size() < count; connecting++) {
                Stream stream = new Stream(streams.size());
                streams.add(stream);
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                SelectionKey unused = channel.register(selector, SelectionKey.OP_CONNECT, stream);
                channel.connect(plane);
            }
            readOnce();
        }
    }

    private void readUntil(Predicate<Stream> isThere) throws IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!streams.stream().allMatch(isThere) && System.nanoTime() < until) {
            readOnce();
        }
    }

    private void readOnce() throws IOException {
        selector.select(TICK_MILLIS);
        for (SelectionKey ready : selector.selectedKeys()) {
            SocketChannel channel = (SocketChannel) ready.channel();
            Stream stream = (Stream) ready.attachment();
            try {
                if (ready.isConnectable()) {
                    connecting--;
                    channel.finishConnect();
                    channel.write(ByteBuffer.wrap(request(stream.number)));
                    ready.interestOps(SelectionKey.OP_READ);
                } else if (channel.read(read.clear()) < 0) {
                    throw new IOException("ended");
                } else {
                    stream.take(read.flip());
                }
            } catch (IOException ended) {
                firstEnd = firstEnd.isEmpty() ? String.valueOf(ended.getMessage()) : firstEnd;
                stream.isBroken = true;
                channel.close();
            }
        }
        selector.selectedKeys().clear();
    }

    private byte[] request(int number) {
        String body =
                "{\"model\":\"sandbox/sandbox-small\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Question"
                        + " "
                        + number + "\"}]}";
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + keys.get(number % keys.size())
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private long broken() {
        return streams.stream().filter(stream -> stream.isBroken).count();
    }

    /** Of the gateway, in KB. */
    private long resident() throws IOException {
        Matcher found = RESIDENT.matcher(Files.readString(Path.of("/proc", process, "status")));
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private long cpuMillis() throws IOException {
        String status = Files.readString(Path.of("/proc", process, "stat"));
        String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_PER_SECOND;
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
