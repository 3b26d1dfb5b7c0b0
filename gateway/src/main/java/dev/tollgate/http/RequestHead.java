package dev.tollgate.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Checks the bytes of one HTTP/1.1 request head (RFC 9112 §2–6), stricter than the RFC wherever readers are known to differ. */
final class RequestHead {
    private static final int MAX_METHOD = 20;
    private static final int MAX_LENGTH_DIGITS = 18;
    private static final String HOST_MARKS = ".-:[]_";
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    /** Angle brackets are no part of RFC 3986 either, but some clients send them, and no reader takes them for framing. */
    private static final String NOT_IN_TARGET = "\"#\\^`{|}";

    private static final boolean[] TOKEN = new boolean[128];
    private static final boolean[] TARGET = new boolean[128];

    static {
        for (char c = 0x21; c < 0x7f; c++) {
            TOKEN[c] = Character.isLetterOrDigit(c) || TOKEN_MARKS.indexOf(c) >= 0;
            TARGET[c] = NOT_IN_TARGET.indexOf(c) < 0;
        }
    }

    /**
     * How a body is framed.
     *
     * @param chunked whether it comes in chunks
     * @param length its length where it does not; 0 for none
     */
    record Framing(boolean chunked, long length) {}

    private final byte[] input;
    private boolean isHttp11;
    private int hosts;
    private int lengths;
    private int codings;
    private long length;

    private RequestHead(byte[] input) {
        this.input = input;
    }

    /**
     * How many bytes a head has, its empty line included; -1 if its end is not there yet.
     *
     * @param input what has arrived
     * @param start where in it the head begins
     */
    static int lengthOf(ByteBuf input, int start, HeadLimits limits) throws HeadRefused {
        int arrived = Math.min(input.writerIndex() - start, limits.headBytes());
        int end = start + arrived;
        for (int at = lineFeed(input, start, end); at >= 0; at = lineFeed(input, at + 1, end)) {
            if (at == start || input.getByte(at - 1) != '\r') {
                throw new HeadRefused("a line of the head does not end with CR LF");
            }
            if (at - start >= 3 && input.getByte(at - 2) == '\n') {
                return at + 1 - start;
            }
        }
        if (arrived >= limits.headBytes()) {
            throw new HeadRefused(431, "the head exceeds the limit head of " + limits.headBytes() + " bytes");
        }
        return -1;
    }

    private static int lineFeed(ByteBuf input, int from, int to) {
        return input.indexOf(from, to, (byte) '\n');
    }

    /** @param whole a head as long as {@link #lengthOf} told */
    static Framing parse(byte[] whole, HeadLimits limits) throws HeadRefused {
        RequestHead head = new RequestHead(whole);
        int line = head.requestLine(limits);
        int count = 0;
        while (line < whole.length - 2) {
            count++;
            if (count > limits.headerCount()) {
                throw new HeadRefused(
                        431, "the head has more fields than the limit header_count of " + limits.headerCount());
            }
            line = head.field(line);
        }
        return head.framing();
    }

    private int requestLine(HeadLimits limits) throws HeadRefused {
        // The head has a line end, or it would have no length.
        int lineEnd = 0;
        while (input[lineEnd] != '\r') {
            lineEnd++;
        }
        if (lineEnd > limits.requestLineBytes()) {
            throw new HeadRefused(
                    414, "the request line exceeds the limit request_line of " + limits.requestLineBytes() + " bytes");
        }
        int i = 0;
        while (i < lineEnd && input[i] >= 'A' && input[i] <= 'Z') {
            i++;
        }
        if (i == 0 || i > MAX_METHOD || input[i] != ' ' || input[i + 1] != '/') {
            throw new HeadRefused("the request line is not METHOD /path HTTP/1.1");
        }
        i++;
        while (i < lineEnd && isIn(TARGET, input[i])) {
            i++;
        }
        String version = new String(input, i, lineEnd - i, StandardCharsets.ISO_8859_1);
        if (!version.equals(" HTTP/1.1") && !version.equals(" HTTP/1.0")) {
            throw new HeadRefused(
                    "the request target has a character that is not allowed, or the version is not HTTP/1.1");
        }
        isHttp11 = version.endsWith("1");
        return requireLineFeed(lineEnd);
    }

    private int field(int start) throws HeadRefused {
        int i = start;
        while (isIn(TOKEN, input[i])) {
            i++;
        }
        if (i == start || input[i] != ':') {
            throw new HeadRefused("a header field is not of the form name: value");
        }
        int nameEnd = i;
        i++;
        byte b = input[i];
        while (b == '\t' || b < 0 || (b >= ' ' && b != 0x7f)) {
            i++;
            b = input[i];
        }
        if (b != '\r') {
            throw new HeadRefused("a header value has a control character");
        }
        note(start, nameEnd, i);
        return requireLineFeed(i);
    }

    private void note(int start, int nameEnd, int end) throws HeadRefused {
        switch (nameEnd - start) {
            case 4 -> {
                if (isNamed("host", start)) {
                    hosts++;
                    requireHost(value(nameEnd, end));
                }
            }
            case 14 -> {
                if (isNamed("content-length", start)) {
                    lengths++;
                    length = requireLength(value(nameEnd, end));
                }
            }
            case 17 -> {
                if (isNamed("transfer-encoding", start)) {
                    codings++;
                    if (!value(nameEnd, end).toLowerCase(Locale.ROOT).equals("chunked")) {
                        throw new HeadRefused("transfer-encoding is not chunked");
                    }
                }
            }
            default -> {}
        }
    }

    private Framing framing() throws HeadRefused {
        if (hosts > 1 || (hosts == 0 && isHttp11)) {
            throw new HeadRefused("the head has " + hosts + " host fields, it must have one");
        }
        if (lengths > 1 || codings > 1 || lengths + codings > 1) {
            throw new HeadRefused("the body's length is told more than once");
        }
        if (codings > 0 && !isHttp11) {
            throw new HeadRefused("transfer-encoding is not part of HTTP/1.0");
        }
        return new Framing(codings > 0, length);
    }

    private static void requireHost(String host) throws HeadRefused {
        boolean isHost = !host.isEmpty();
        for (int i = 0; isHost && i < host.length(); i++) {
            char c = host.charAt(i);
            isHost = (c < 128 && Character.isLetterOrDigit(c)) || HOST_MARKS.indexOf(c) >= 0;
        }
        if (!isHost) {
            throw new HeadRefused("the host field is not a host and port");
        }
    }

    private static long requireLength(String digits) throws HeadRefused {
        boolean isPlain = !digits.isEmpty() && digits.length() <= MAX_LENGTH_DIGITS;
        for (int i = 0; isPlain && i < digits.length(); i++) {
            isPlain = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!isPlain) {
            throw new HeadRefused("content-length is not a plain number");
        }
        return Long.parseLong(digits);
    }

    private String value(int nameEnd, int end) {
        return new String(input, nameEnd + 1, end - nameEnd - 1, StandardCharsets.ISO_8859_1).strip();
    }

    private boolean isNamed(String name, int start) {
        for (int i = 0; i < name.length(); i++) {
            if ((input[start + i] | 0x20) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int requireLineFeed(int carriageReturn) throws HeadRefused {
        if (input[carriageReturn + 1] != '\n') {
            throw new HeadRefused("a line of the head does not end with CR LF");
        }
        return carriageReturn + 2;
    }

    private static boolean isIn(boolean[] set, byte b) {
        return b >= 0 && set[b];
    }
}
