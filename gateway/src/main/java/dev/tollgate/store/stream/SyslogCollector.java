package dev.tollgate.store.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends one message of RFC 5424 per event over TCP, framed by its length (RFC 6587 §3.4.1), or the same over TLS (RFC 5425). Syslog does not
 * acknowledge: taken is what the connection took and was not broken after. What a collector had received and not written when it died is lost
 * to it, and can be had again by removing the stream's cursor.
 */
final class SyslogCollector implements Collector {
    private static final int TIMEOUT_MILLIS = 15_000;
    /** How long is listened for whether the other side has gone. */
    private static final int LISTEN_MILLIS = 1;
    /** Facility 13 (log audit), severity 6 (informational). */
    private static final int PRIORITY = 13 * 8 + 6;

    private static final String NIL = "-";

    private final String host;
    private final int port;
    private final boolean tls;
    private final InstantSource clock;
    private final String self;
    private @Nullable Socket socket;

    SyslogCollector(String host, int port, boolean tls, InstantSource clock) {
        this.host = host;
        this.port = port;
        this.tls = tls;
        this.clock = clock;
        this.self = ownName();
    }

    @Override
    public void take(List<String> events) throws IOException {
        Socket open = connected();
        try {
            OutputStream out = new BufferedOutputStream(open.getOutputStream(), 1 << 16);
            for (String event : events) {
                byte[] message = message(event);
                out.write((message.length + " ").getBytes(US_ASCII));
                out.write(message);
            }
            out.flush();
            requireOpen(open);
        } catch (IOException broken) {
            close();
            throw broken;
        }
    }

    private byte[] message(String event) {
        return ("<" + PRIORITY + ">1 " + clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + self + " tollgate "
                        + ProcessHandle.current().pid() + " audit " + NIL + " " + event)
                .getBytes(UTF_8);
    }

    private Socket connected() throws IOException {
        Socket open = socket;
        if (open != null && !open.isClosed()) {
            try {
                requireOpen(open);
                return open;
            } catch (IOException gone) {
                close();
            }
        }
        open = connect();
        socket = open;
        return open;
    }

    private Socket connect() throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            return tls ? secured(plain) : plain;
        } catch (IOException refused) {
            plain.close();
            throw new IOException("it cannot be reached: " + refused.getClass().getSimpleName());
        }
    }

    private Socket secured(Socket plain) throws IOException {
        plain.setSoTimeout(TIMEOUT_MILLIS);
        SSLSocket secure =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    /** A collector says nothing, unless it goes. */
    private static void requireOpen(Socket open) throws IOException {
        open.setSoTimeout(LISTEN_MILLIS);
        try {
            if (open.getInputStream().read() < 0) {
                throw new IOException("it closed the connection");
            }
        } catch (SocketTimeoutException silent) {
            // As it should be.
        }
    }

    private static String ownName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.isEmpty() || name.length() > 255 || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)
                    ? NIL
                    : name;
        } catch (IOException unknown) {
            return NIL;
        }
    }

    @Override
    public void close() throws IOException {
        Socket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }
}
