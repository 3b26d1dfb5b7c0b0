package dev.tollgate.http;

import dev.tollgate.value.TimeSpan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the HTTP/1.1 decoder and lets through only messages whose framing every implementation reads alike (RFC 9112). The
 * first that is not is replaced by a request that cannot be decoded, so that the error is answered in its turn behind pipelined
 * requests, and everything behind it on the connection is dropped.
 *
 * <pre>
 *   HEAD ──no body──▶ HEAD          HEAD ──chunked──▶ SIZE ⇄ DATA ─▶ DATA_END
 *     └──length n──▶ BODY ─▶ HEAD                       └─0─▶ END ─▶ HEAD        any violation ─▶ REFUSED
 * </pre>
 */
final class HeadGuard extends ChannelInboundHandlerAdapter {
    /** Why the connection was refused; set on the channel before the undecodable request is let through. */
    static final AttributeKey<Violation> VIOLATION = AttributeKey.valueOf("tollgate.violation");

    /** Why the body that was arriving last is not whole and never will be. */
    private static final AttributeKey<Violation> BODY_VIOLATION = AttributeKey.valueOf("tollgate.body.violation");

    private static final AttributeKey<Consumer<Violation>> BODY_READER = AttributeKey.valueOf("tollgate.body.reader");

    private static final byte[] UNDECODABLE = "\0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_CHUNK_SIZE_DIGITS = 8;

    /**
     * @param status HTTP status to answer
     * @param message what is wrong, and which limit
     */
    record Violation(int status, String message) {}

    private enum State {
        HEAD,
        BODY,
        SIZE,
        SIZE_LF,
        DATA,
        DATA_END_CR,
        DATA_END_LF,
        END_CR,
        END_LF,
        REFUSED
    }

    private final HeadLimits limits;
    private State state = State.HEAD;
    private @Nullable ByteBuf partialHead;
    private @Nullable ScheduledFuture<?> headDeadline;
    private long remaining;
    private int sizeDigits;
    private int checkedTo;

    HeadGuard(HeadLimits limits) {
        this.limits = limits;
    }

    /**
     * Names whoever waits for the rest of a body: told at once if it is malformed, whether it turns out so later or has already.
     *
     * @param reader to be called on the connection's event loop, at most once
     */
    static void watchBody(HttpConnection connection, Consumer<Violation> reader) {
        if (connection instanceof HttpServerConnection internal) {
            Channel channel = internal.channelHandlerContext().channel();
            Violation already = channel.attr(BODY_VIOLATION).get();
            if (already == null) {
                channel.attr(BODY_READER).set(reader);
            } else {
                reader.accept(already);
            }
        }
    }

    /** Nobody waits for a body any more. */
    static void forgetBody(HttpConnection connection) {
        if (connection instanceof HttpServerConnection internal) {
            internal.channelHandlerContext().channel().attr(BODY_READER).set(null);
        }
    }

    /** Puts one before the HTTP/1.1 decoder, unless it is there already; HTTP/2 has none. */
    static void install(Channel channel, HeadLimits limits) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get("httpDecoder") != null && pipeline.get("headGuard") == null) {
            pipeline.addBefore("httpDecoder", "headGuard", new HeadGuard(limits));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf arrived)) {
            context.fireChannelRead(message);
            return;
        }
        if (state == State.REFUSED) {
            arrived.release();
            return;
        }
        ByteBuf input = joined(context.alloc(), arrived);
        int from = input.readerIndex();
        checkedTo = from;
        try {
            check(input);
            pass(context, input, from);
        } catch (HeadRefused refused) {
            // What came before it is sound, and is answered first.
            if (checkedTo > from) {
                context.fireChannelRead(input.retainedSlice(from, checkedTo - from));
            }
            refuse(context, new Violation(refused.status(), String.valueOf(refused.getMessage())));
        } finally {
            input.release();
        }
    }

    /** Moves {@link #checkedTo} to where everything before it is well-formed; what is left is the beginning of a head. */
    private void check(ByteBuf input) throws HeadRefused {
        int end = input.writerIndex();
        while (checkedTo < end) {
            if (state == State.HEAD) {
                int length = RequestHead.lengthOf(input, checkedTo, limits);
                if (length < 0) {
                    return;
                }
                byte[] head = new byte[length];
                input.getBytes(checkedTo, head);
                begin(RequestHead.parse(head, limits));
                checkedTo += length;
            } else if (state == State.BODY || state == State.DATA) {
                checkedTo += skip(end - checkedTo);
            } else {
                step(input.getByte(checkedTo));
                checkedTo++;
            }
        }
    }

    private void begin(RequestHead.Framing framing) {
        if (framing.chunked()) {
            state = State.SIZE;
            sizeDigits = 0;
            remaining = 0;
        } else if (framing.length() > 0) {
            state = State.BODY;
            remaining = framing.length();
        }
    }

    private int skip(int available) {
        int count = (int) Math.min(available, remaining);
        remaining -= count;
        if (remaining == 0) {
            state = state == State.BODY ? State.HEAD : State.DATA_END_CR;
        }
        return count;
    }

    private void step(byte b) throws HeadRefused {
        switch (state) {
            case SIZE -> sizeByte(b);
            case SIZE_LF -> expect(b, '\n', remaining == 0 ? State.END_CR : State.DATA);
            case DATA_END_CR -> expect(b, '\r', State.DATA_END_LF);
            case DATA_END_LF -> {
                expect(b, '\n', State.SIZE);
                sizeDigits = 0;
                remaining = 0;
            }
            case END_CR -> expect(b, '\r', State.END_LF);
            case END_LF -> expect(b, '\n', State.HEAD);
            case HEAD, BODY, DATA, REFUSED -> throw new IllegalStateException("no single bytes in " + state);
        }
    }

    private void sizeByte(byte b) throws HeadRefused {
        int digit = Character.digit(b, 16);
        if (b > 0 && digit >= 0 && sizeDigits < MAX_CHUNK_SIZE_DIGITS) {
            remaining = remaining * 16 + digit;
            sizeDigits++;
        } else if (b == '\r' && sizeDigits > 0) {
            state = State.SIZE_LF;
        } else {
            throw new HeadRefused("a chunk size is not 1 to 8 hex digits; chunk extensions are not accepted");
        }
    }

    private void expect(byte b, char expected, State next) throws HeadRefused {
        if (b != expected) {
            throw new HeadRefused("the chunked body is malformed; trailers are not accepted");
        }
        state = next;
    }

    private void pass(ChannelHandlerContext context, ByteBuf input, int from) {
        int end = input.writerIndex();
        if (checkedTo > from) {
            context.fireChannelRead(input.retainedSlice(from, checkedTo - from));
        }
        if (checkedTo < end) {
            partialHead = input.retainedSlice(checkedTo, end - checkedTo);
            watchHead(context);
        } else if (headDeadline != null) {
            headDeadline.cancel(false);
            headDeadline = null;
        }
    }

    private void watchHead(ChannelHandlerContext context) {
        if (headDeadline == null) {
            headDeadline = context.executor()
                    .schedule(
                            () -> refuse(
                                    context,
                                    new Violation(
                                            408,
                                            "the request head took longer than the limit head_time of "
                                                    + TimeSpan.text(limits.headTime()))),
                            limits.headTime().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void refuse(ChannelHandlerContext context, Violation violation) {
        boolean inBody = state != State.HEAD;
        state = State.REFUSED;
        release();
        if (inBody) {
            // Its request is under way: whoever reads the body answers. To the decoder it just never ends.
            context.channel().attr(BODY_VIOLATION).set(violation);
            Consumer<Violation> reader = context.channel().attr(BODY_READER).getAndSet(null);
            if (reader != null) {
                reader.accept(violation);
            }
            // Where nobody answers and closes, for instance because nobody wants the body.
            var unused = context.executor()
                    .schedule(() -> close(context), limits.headTime().toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        context.channel().attr(VIOLATION).set(violation);
        context.fireChannelRead(Unpooled.wrappedBuffer(UNDECODABLE));
        context.fireChannelReadComplete();
    }

    private static void close(ChannelHandlerContext context) {
        var unused = context.close();
    }

    private ByteBuf joined(ByteBufAllocator allocator, ByteBuf arrived) {
        if (partialHead == null) {
            return arrived;
        }
        ByteBuf joined = allocator.buffer(partialHead.readableBytes() + arrived.readableBytes());
        joined.writeBytes(partialHead).writeBytes(arrived);
        arrived.release();
        partialHead.release();
        partialHead = null;
        return joined;
    }

    private void release() {
        if (partialHead != null) {
            partialHead.release();
            partialHead = null;
        }
        if (headDeadline != null) {
            headDeadline.cancel(false);
            headDeadline = null;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release();
    }
}
