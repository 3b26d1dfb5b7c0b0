package dev.tollgate.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands before a server and can cut it off: connections end, new ones are closed at once. */
final class Gate implements AutoCloseable {
    private final URI server;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean shut;

    Gate(URI server) throws IOException {
        this.server = server;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** The same server, behind it. */
    String uri() {
        String path = server.getPath() == null ? "" : server.getPath();
        return server.getScheme() + "://127.0.0.1:" + listening.getLocalPort() + path;
    }

    void shut() throws IOException {
        shut = true;
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    void open() {
        shut = false;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                if (shut) {
                    client.close();
                } else {
                    Socket upstream = new Socket(server.getHost(), server.getPort());
                    open.add(client);
                    open.add(upstream);
                    Thread.ofVirtual().start(() -> pump(client, upstream));
                    Thread.ofVirtual().start(() -> pump(upstream, client));
                }
            }
        } catch (IOException closed) {
            // The gate is taken down.
        }
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            long unused = from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // Both ends are closed.
        }
        open.remove(from);
        open.remove(to);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        shut();
    }
}
