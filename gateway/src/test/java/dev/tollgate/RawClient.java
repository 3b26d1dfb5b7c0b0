package dev.tollgate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A connection on which a test writes what it likes. */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 15_000;

    private final Socket socket;

    public RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    /** Writes; yields false once the other side takes no more. */
    @CanIgnoreReturnValue
    public boolean write(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return true;
        } catch (SocketException closedEarly) {
            return false;
        }
    }

    @CanIgnoreReturnValue
    public boolean write(String text) throws IOException {
        return write(text.getBytes(ISO_8859_1));
    }

    /** Everything until the other side closes. Fails if it does not within 15 seconds. */
    public String readToEnd() throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[4096];
        InputStream in = socket.getInputStream();
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                all.append(new String(buffer, 0, count, ISO_8859_1));
            }
        } catch (SocketException reset) {
            // A reset ends the answer as well.
        }
        return all.toString();
    }

    /** What has come until this text is in it. Fails if it does not within 15 seconds. */
    public String readUntil(String wanted) throws IOException {
        StringBuilder all = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (all.indexOf(wanted) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new AssertionError("closed after: " + all);
            }
            all.append((char) b);
        }
        return all.toString();
    }

    /** Reads until this text has come; yields how many bytes that were. */
    public long countUntil(String wanted) throws IOException {
        byte[] buffer = new byte[1 << 16];
        InputStream in = socket.getInputStream();
        String tail = "";
        long total = 0;
        while (!tail.contains(wanted)) {
            int count = in.read(buffer);
            if (count < 0) {
                throw new AssertionError("closed after " + total + " bytes");
            }
            total += count;
            tail = tail.substring(Math.max(0, tail.length() - wanted.length()))
                    + new String(buffer, 0, count, ISO_8859_1);
        }
        return total;
    }

    /** Reads so many bytes; false if the other side closes before. */
    public boolean count(long wanted) throws IOException {
        byte[] buffer = new byte[1 << 16];
        InputStream in = socket.getInputStream();
        long total = 0;
        while (total < wanted) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, wanted - total));
            if (count < 0) {
                return false;
            }
            total += count;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
