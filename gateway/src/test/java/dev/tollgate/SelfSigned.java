package dev.tollgate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1, made for one test, as files for a server and as trust for its clients. */
public final class SelfSigned {
    public final Path certificate;
    public final Path privateKey;
    public final SSLContext clients;

    public SelfSigned(Path folder) throws Exception {
        Path store = folder.resolve("tls.p12");
        String password = Long.toHexString(new SecureRandom().nextLong() | Long.MIN_VALUE);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "tls",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        password,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new AssertionError("keytool: " + Files.readString(folder.resolve("keytool.log")));
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
        X509Certificate own = (X509Certificate) keys.getCertificate("tls");
        certificate = pem(folder, "CERTIFICATE", own.getEncoded());
        privateKey = pem(
                folder,
                "PRIVATE KEY",
                keys.getKey("tls", password.toCharArray()).getEncoded());
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("tls", own);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        clients = SSLContext.getInstance("TLS");
        clients.init(null, managers.getTrustManagers(), null);
    }

    private static Path pem(Path folder, String label, byte[] der) throws Exception {
        String dashes = "-".repeat(5);
        return Files.writeString(
                folder.resolve(label.replace(' ', '-').toLowerCase(java.util.Locale.ROOT) + ".pem"),
                dashes + "BEGIN " + label + dashes + "\n"
                        + Base64.getMimeEncoder().encodeToString(der) + "\n" + dashes + "END " + label + dashes + "\n");
    }
}
