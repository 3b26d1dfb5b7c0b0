package dev.tollgate.store.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A real Redis Cluster of three masters and a replica of each, on free ports of this machine, for one test class. */
final class RedisCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final int FIRST_PORT = 11_000;
    private static final int BUS = 10_000;
    private static final Pattern SLOT_RANGE = Pattern.compile(" (\\d+)-(\\d+)(?= |$)");

    private final List<Node> nodes = new ArrayList<>();
    private String uri = "";

    private record Node(
            Process process, int port, RedisClient client, StatefulRedisConnection<String, String> connection) {
        void stop() {
            connection.close();
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
            process.destroyForcibly();
            Process unused = process.onExit().join();
        }
    }

    /** @param folder what the nodes write goes there */
    RedisCluster(Path folder) throws IOException, InterruptedException {
        try {
            build(folder);
        } catch (AssertionError | IOException | InterruptedException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private void build(Path folder) throws IOException, InterruptedException {
        for (int i = 0; i < 2 * MASTERS; i++) {
            nodes.add(start(folder.resolve("node" + i)));
        }
        uri = "redis://"
                + String.join(
                        ",",
                        nodes.stream().map(node -> "127.0.0.1:" + node.port()).toList());
        for (Node node : nodes) {
            String unused = node.connection()
                    .sync()
                    .clusterMeet("127.0.0.1", nodes.get(0).port());
        }
        for (int i = 0; i < MASTERS; i++) {
            int[] slots = IntStream.range(i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS)
                    .toArray();
            String unused = nodes.get(i).connection().sync().clusterAddSlots(slots);
        }
        await(() -> nodes.stream().allMatch(node -> known(node) == 2 * MASTERS));
        for (int i = 0; i < MASTERS; i++) {
            replicate(nodes.get(MASTERS + i), nodes.get(i).connection().sync().clusterMyId());
        }
        await(() -> nodes.stream().allMatch(node -> info(node).contains("cluster_state:ok")));
    }

    private static Node start(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int port = freePort();
        Process process = new ProcessBuilder(
                        "redis-server",
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        folder.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--repl-diskless-sync-delay",
                        "0",
                        "--cluster-enabled",
                        "yes",
                        "--cluster-node-timeout",
                        "1000")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
        List<StatefulRedisConnection<String, String>> connected = new ArrayList<>();
        await(() -> {
            try {
                connected.add(client.connect());
                return true;
            } catch (RuntimeException notYet) {
                return false;
            }
        });
        return new Node(process, port, client, connected.get(0));
    }

    /** One whose bus port, which is ten thousand above it, is free as well. */
    private static int freePort() {
        SplittableRandom random = new SplittableRandom();
        while (true) {
            int port = random.nextInt(FIRST_PORT, FIRST_PORT + BUS);
            try (ServerSocket free = new ServerSocket(port);
                    ServerSocket bus = new ServerSocket(port + BUS)) {
                return Math.min(free.getLocalPort(), bus.getLocalPort());
            } catch (IOException taken) {
                // Another one is as good.
            }
        }
    }

    private static int known(Node node) {
        return (int) node.connection()
                .sync()
                .clusterNodes()
                .lines()
                .filter(line -> !line.contains("handshake"))
                .count();
    }

    /** A node that has just met a master may not know it yet. */
    private static void replicate(Node replica, String master) throws InterruptedException {
        await(() -> {
            try {
                replica.connection().sync().clusterReplicate(master);
                return true;
            } catch (RuntimeException notYet) {
                return false;
            }
        });
    }

    private static String info(Node node) {
        return node.connection().sync().clusterInfo();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("the cluster does not come to order");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** What a gateway is told: all nodes that were started. */
    String uri() {
        return uri;
    }

    /** How many masters have keys. */
    long mastersWithKeys() {
        return nodes.stream()
                .filter(node -> node.connection().sync().info("replication").contains("role:master"))
                .filter(node -> node.connection().sync().dbsize() > 0)
                .count();
    }

    /**
     * Kills the master of a key, and goes on at once: its replica has yet to find out.
     *
     * @return where it was
     */
    String killMasterOf(String key) {
        Node master = nodeOf(key, "role:master");
        kill(master);
        return "127.0.0.1:" + master.port();
    }

    /** Kills the replica of a key's master: then nobody takes its place. */
    void killReplicaOf(String key) {
        kill(nodeOf(key, "role:slave"));
    }

    private Node nodeOf(String key, String role) {
        int slot = SlotHash.getSlot(key);
        String master = nodes.get(0)
                .connection()
                .sync()
                .clusterNodes()
                .lines()
                .filter(line -> line.contains("master") && ownsSlot(line, slot))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElseThrow();
        return nodes.stream()
                .filter(node -> node.connection().sync().info("replication").contains(role))
                .filter(node -> role.endsWith("master")
                        ? node.connection().sync().clusterMyId().equals(master)
                        : node.connection()
                                .sync()
                                .clusterNodes()
                                .lines()
                                .anyMatch(line -> line.contains("myself") && line.contains(master)))
                .findFirst()
                .orElseThrow();
    }

    private static boolean ownsSlot(String line, int slot) {
        Matcher range = SLOT_RANGE.matcher(line);
        while (range.find()) {
            if (Integer.parseInt(range.group(1)) <= slot && slot <= Integer.parseInt(range.group(2))) {
                return true;
            }
        }
        return false;
    }

    private void kill(Node node) {
        nodes.remove(node);
        node.stop();
    }

    /** Kills the master that has the keys, once its replica has all of them, and waits until that has taken over. */
    void failOver() throws InterruptedException {
        Node master = nodes.stream()
                .filter(node -> node.connection().sync().info("replication").contains("role:master"))
                .filter(node -> node.connection().sync().dbsize() > 0)
                .findFirst()
                .orElseThrow();
        await(() -> master.connection().sync().waitForReplication(1, 1_000) >= 1);
        String id = master.connection().sync().clusterMyId();
        nodes.remove(master);
        master.stop();
        await(() -> nodes.stream()
                .allMatch(node -> info(node).contains("cluster_state:ok")
                        && node.connection()
                                .sync()
                                .clusterNodes()
                                .lines()
                                .anyMatch(line -> line.startsWith(id) && line.contains("fail"))));
    }

    void flush() {
        for (Node node : nodes) {
            if (node.connection().sync().info("replication").contains("role:master")) {
                String unused = node.connection().sync().flushall();
            }
        }
    }

    /** Makes every node forget its scripts. */
    void forgetScripts() {
        nodes.forEach(node -> node.connection().sync().scriptFlush());
    }

    @Override
    public void close() {
        for (Node node : nodes) {
            node.stop();
        }
    }
}
