package dev.tollgate.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells HTTP/1.1 from HTTP/2 by the first bytes of a connection without TLS, and puts a {@link HeadGuard} before the HTTP/1.1 decoder
 * while that has seen nothing. Vert.x would only tell of the connection once it has decoded a first request, unguarded.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {
    /** How every HTTP/2 connection begins (RFC 9113 §3.4). */
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Not the preface, and skipped by Netty's decoder: makes Vert.x set up HTTP/1.1 without giving it a byte of the client's. */
    private static final byte[] NOTHING = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HeadLimits limits;
    private final ByteBuf held = Unpooled.buffer(PREFACE.length);
    private @Nullable ScheduledFuture<?> deadline;

    FirstBytes(HeadLimits limits) {
        this.limits = limits;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        deadline = context.executor()
                .schedule(
                        () -> {
                            var unused = context.close();
                        },
                        limits.headTime().toMillis(),
                        TimeUnit.MILLISECONDS);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf arrived)) {
            context.fireChannelRead(message);
            return;
        }
        held.writeBytes(arrived);
        arrived.release();
        int known = Math.min(held.readableBytes(), PREFACE.length);
        boolean isPreface = held.slice(0, known).equals(Unpooled.wrappedBuffer(PREFACE, 0, known));
        if (isPreface && known < PREFACE.length) {
            return;
        }
        if (!isPreface) {
            guard(context);
        }
        ByteBuf all = held.retainedSlice();
        context.fireChannelRead(all);
        context.pipeline().remove(this);
    }

    private void guard(ChannelHandlerContext context) {
        context.fireChannelRead(Unpooled.wrappedBuffer(NOTHING));
        ChannelPipeline pipeline = context.pipeline();
        HeadGuard.install(context.channel(), limits);
        pipeline.addAfter("httpDecoder", "noUpgrade", new NoUpgrade());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        held.release();
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** Lets Java's own client, which offers HTTP/2 in each first request, go on with HTTP/1.1: behind an upgrade there is no guard. */
    private static final class NoUpgrade extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                if (request.headers().containsValue(HttpHeaderNames.UPGRADE, "h2c", true)) {
                    request.headers().remove(HttpHeaderNames.UPGRADE);
                }
                context.pipeline().remove(this);
            }
            context.fireChannelRead(message);
        }
    }
}
