package dev.tollgate.provider;

import io.vertx.core.MultiMap;
import java.net.URI;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Signs a request as AWS Signature Version 4 asks (AWS General Reference, "Signing AWS API requests"). */
final class AwsSignature {
    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();
    /** Signed, because the service reads them; everything else may be changed on the way without breaking the signature. */
    private static final Set<String> SIGNED = Set.of("content-type");

    private AwsSignature() {}

    static MultiMap sign(UpstreamRequest request, Credential.AwsKeys keys) {
        Upstream upstream = request.upstream();
        SdkHttpRequest.Builder unsigned = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method().name()))
                .uri(URI.create((upstream.tls() ? "https://" : "http://") + upstream.host() + ":" + upstream.port()
                        + request.uri()));
        SIGNED.forEach(name -> {
            String value = request.headers().get(name);
            if (value != null) {
                unsigned.putHeader(name, value);
            }
        });
        var signed = SIGNER.sign(sign -> sign.identity(identity(keys))
                .request(unsigned.build())
                .payload(ContentStreamProvider.fromByteArray(request.body()))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, keys.service())
                .putProperty(AwsV4HttpSigner.REGION_NAME, keys.region()));
        MultiMap headers = request.headers();
        // What a client signed for itself names the gateway's host and its own keys.
        List.of("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256")
                .forEach(headers::remove);
        signed.request().headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("host")) {
                headers.set(name, values);
            }
        });
        return headers;
    }

    private static AwsCredentialsIdentity identity(Credential.AwsKeys keys) {
        String session = keys.session();
        return session == null
                ? AwsCredentialsIdentity.create(keys.access(), keys.secret())
                : AwsSessionCredentialsIdentity.create(keys.access(), keys.secret(), session);
    }
}
