package dev.tollgate.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/** Stands before a server and can cut it off: connections end, new ones are closed at once. */
public final class TcpGate implements AutoCloseable {
    private final URI server;
    private final ServerSocket listening;
    private final Set<Socket> open = Collections.synchronizedSet(new HashSet<>());
    private volatile boolean shut;

    public TcpGate(String uri) throws IOException {
        server = URI.create(uri);
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public String uri() {
        return server.getScheme() + "://127.0.0.1:" + listening.getLocalPort();
    }

    public void shut() throws IOException {
        shut = true;
        closeAll();
    }

    public void open() {
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

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            long unused = in.transferTo(out);
        } catch (IOException cut) {
            // Both ends are closed.
        }
    }

    private void closeAll() throws IOException {
        for (Socket socket : Set.copyOf(open)) {
            socket.close();
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        closeAll();
    }
}
