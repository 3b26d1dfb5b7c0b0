package dev.tollgate.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The transport of the operating system, with {@link FirstBytes} standing first on each connection that a server with HTTP/2 without TLS
 * accepts. Vert.x has no earlier hook than its transport. All else goes to the transport behind it.
 */
public final class GuardedTransport implements Transport {
    private final Transport behind;
    private volatile @Nullable HeadLimits limits;

    private GuardedTransport(Transport behind) {
        this.behind = behind;
    }

    /** A Vert.x on the native transport, where that loads, and guarded. */
    public static Vertx vertx(VertxOptions options) {
        io.vertx.core.transport.Transport best = io.vertx.core.transport.Transport.nativeTransport();
        boolean loads = best != null && best.available();
        Transport chosen = (loads ? best : io.vertx.core.transport.Transport.NIO).implementation();
        return Vertx.builder()
                .with(options)
                .withTransport(new Named(new GuardedTransport(chosen)))
                .build();
    }

    /**
     * Guards what servers with HTTP/2 without TLS accept from now on.
     *
     * @throws IllegalStateException if the Vert.x was not made by {@link #vertx}: its first requests would pass no guard
     */
    static void guard(Vertx vertx, HeadLimits limits) {
        if (!(vertx instanceof VertxInternal internal) || !(internal.transport() instanceof GuardedTransport guarded)) {
            throw new IllegalStateException("http2_clear_text needs a Vert.x with a guarded transport");
        }
        guarded.limits = limits;
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        behind.configure(options, domainSocket, bootstrap);
        if (limits != null
                && options instanceof HttpServerOptions http
                && http.isHttp2ClearTextEnabled()
                && !http.isSsl()) {
            bootstrap.handler(new Accepting(limits));
        }
    }

    /** Sees connections before Vert.x does. */
    @ChannelHandler.Sharable
    private static final class Accepting extends ChannelInboundHandlerAdapter {
        private final HeadLimits limits;

        Accepting(HeadLimits limits) {
            this.limits = limits;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Channel accepted) {
                accepted.pipeline().addFirst(new FirstBytes(limits));
            }
            context.fireChannelRead(message);
        }
    }

    /** How Vert.x takes a transport. */
    private record Named(GuardedTransport implementation) implements io.vertx.core.transport.Transport {
        @Override
        public String name() {
            return "guarded";
        }

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return null;
        }
    }

    @Override
    public boolean supportsDomainSockets() {
        return behind.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return behind.supportFileRegion();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return behind.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        return behind.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return behind.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return behind.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return behind.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation")
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return behind.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return behind.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return behind.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        behind.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        behind.configure(options, connectTimeout, domainSocket, bootstrap);
    }
}
