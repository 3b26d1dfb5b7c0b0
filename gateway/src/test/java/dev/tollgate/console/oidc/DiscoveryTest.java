package dev.tollgate.console.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.sun.net.httpserver.HttpServer;
import dev.tollgate.policy.ConsolePolicy.Oidc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider's keys are asked for as seldom as can be, and anew when they change. */
final class DiscoveryTest {
    private final HttpServer provider = server();
    private final String issuer = "http://127.0.0.1:" + provider.getAddress().getPort();
    private final Discovery discovery = new Discovery(new Oidc(issuer, "tollgate", null, null, null, null, List.of()));
    private RSAKey key = rsa("first");
    private String named = issuer;
    private int askedForItself;
    private int askedForKeys;

    @BeforeEach
    void start() {
        serve("/.well-known/openid-configuration", () -> {
            askedForItself++;
            return """
                    {"issuer":"%s","authorization_endpoint":"%s/a","token_endpoint":"%s/t","jwks_uri":"%s/keys",
                     "response_types_supported":["code"],"subject_types_supported":["public"],
                     "id_token_signing_alg_values_supported":["RS256"]}
                    """.formatted(named, issuer, issuer, issuer);
        });
        serve("/keys", () -> {
            askedForKeys++;
            return new JWKSet(key.toPublicJWK()).toString();
        });
        provider.start();
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    @Test
    void keys_asLongAsTheyFit_areAskedForOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(discovery
                            .validator()
                            .validate(signed(key), new Nonce("n"))
                            .getSubject()
                            .getValue())
                    .isEqualTo("kim");
        }

        assertThat(askedForItself).isEqualTo(1);
        assertThat(askedForKeys).isEqualTo(1);
    }

    @Test
    void keys_changed_areAskedForAnew() throws Exception {
        assertThat(discovery.validator().validate(signed(key), new Nonce("n"))).isNotNull();

        key = rsa("second");

        assertThat(discovery.validator().validate(signed(key), new Nonce("n"))).isNotNull();
        assertThat(askedForKeys).isEqualTo(2);
    }

    @Test
    void token_signedByAnother_byASecret_orNotAtAll_isRefused() throws Exception {
        SignedJWT secret = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims());
        secret.sign(new MACSigner(key.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8)));
        SignedJWT foreign = signed(rsa("first"));
        PlainJWT plain = new PlainJWT(claims());

        assertThatThrownBy(() -> discovery.validator().validate(foreign, new Nonce("n")))
                .isInstanceOf(BadJOSEException.class);
        assertThatThrownBy(() -> discovery.validator().validate(secret, new Nonce("n")))
                .isInstanceOf(BadJOSEException.class);
        assertThatThrownBy(() -> discovery.validator().validate(plain, new Nonce("n")))
                .isInstanceOf(BadJOSEException.class);
    }

    @Test
    void token_expired_isRefused() throws Exception {
        SignedJWT expired = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                claims(Instant.now().minusSeconds(90)));
        expired.sign(new RSASSASigner(key));

        assertThatThrownBy(() -> discovery.validator().validate(expired, new Nonce("n")))
                .isInstanceOf(BadJOSEException.class)
                .hasMessageContaining("Expired");
    }

    @Test
    void provider_thatNamesAnotherIssuer_isNotTrusted_norAskedAgainAtOnce() {
        named = "https://evil.example";

        assertThatThrownBy(discovery::metadata).isInstanceOf(IOException.class).hasMessageContaining(issuer);
        assertThatThrownBy(discovery::metadata).isInstanceOf(IOException.class);
        assertThat(askedForItself).isEqualTo(1);
    }

    private JWTClaimsSet claims() {
        return claims(Instant.now().plusSeconds(60));
    }

    private JWTClaimsSet claims(Instant end) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience("tollgate")
                .subject("kim")
                .claim("nonce", "n")
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(end))
                .build();
    }

    private SignedJWT signed(RSAKey by) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(by.getKeyID()).build(), claims());
        token.sign(new RSASSASigner(by));
        return token;
    }

    private static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (Exception impossible) { // whatever it is fails the test
            throw new IllegalStateException(impossible);
        }
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void serve(String path, Supplier<String> document) {
        provider.createContext(path, exchange -> {
            byte[] body = document.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
