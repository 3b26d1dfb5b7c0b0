package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One listening socket.
 *
 * @param host address to bind; loopback unless told otherwise
 * @param port TCP port; 0 takes a free one; -1 stands for the default of the socket's purpose
 * @param certificate PEM file of the certificate chain; TLS is on when it is set
 * @param privateKey PEM file of its private key; required with a certificate
 * @param http2ClearText whether HTTP/2 without TLS is accepted (the AWS SDK needs it on {@code http://}); off by default
 */
public record ListenPolicy(
        String host,
        Integer port,
        @Nullable Path certificate,
        @Nullable Path privateKey,
        Boolean http2ClearText) {
    static final ListenPolicy DEFAULT = new ListenPolicy("127.0.0.1", -1, null, null, false);

    public ListenPolicy {
        host = or(host, "127.0.0.1");
        port = or(port, -1);
        http2ClearText = or(http2ClearText, false);
        Defaults.require(port >= -1 && port <= 65_535, "port is " + port + ", allowed are 0 to 65535");
        Defaults.require((certificate == null) == (privateKey == null), "certificate and private_key belong together");
    }

    ListenPolicy withDefaultPort(int otherwise) {
        return port >= 0 ? this : new ListenPolicy(host, otherwise, certificate, privateKey, http2ClearText);
    }
}
