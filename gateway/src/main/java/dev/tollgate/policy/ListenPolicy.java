package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One listening socket.
 *
 * @param host address to listen on: {@code 127.0.0.1} is reached from this machine only, {@code 0.0.0.0} from every network
 * @param port TCP port; 0 takes a free one
 * @param certificate PEM file of the certificate chain; with it TLS is on
 * @param privateKey PEM file of its private key; certificate and key belong together
 * @param http2ClearText whether HTTP/2 without TLS is accepted (the AWS SDK needs it on {@code http://})
 */
public record ListenPolicy(
        String host,
        @Range(min = "0", max = "65535") Integer port,
        @Nullable Path certificate,
        @Nullable Path privateKey,
        Boolean http2ClearText) {
    static final ListenPolicy DEFAULT = new ListenPolicy("127.0.0.1", -1, null, null, false);

    public ListenPolicy {
        host = or(host, "127.0.0.1");
        port = or(port, -1);
        http2ClearText = or(http2ClearText, false);
        Defaults.require((certificate == null) == (privateKey == null), "certificate and private_key belong together");
    }

    ListenPolicy withDefaultPort(int otherwise) {
        return port >= 0 ? this : new ListenPolicy(host, otherwise, certificate, privateKey, http2ClearText);
    }
}
