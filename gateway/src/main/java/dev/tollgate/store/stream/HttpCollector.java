package dev.tollgate.store.stream;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends batches as a JSON array by POST. Taken is what is answered with 2xx; a redirect is not followed. */
final class HttpCollector implements Collector {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int SUCCESS = 2;

    private final HttpClient http;
    private final URI url;
    private final String contentType;
    private final @Nullable String authorization;

    /**
     * @param contentType of the array
     * @param authorization value of the header of this name; null for none
     */
    HttpCollector(URI url, String contentType, @Nullable String authorization) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.url = url;
        this.contentType = contentType;
        this.authorization = authorization;
    }

    @Override
    public void take(List<String> events) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("content-type", contentType)
                .header("user-agent", "tollgate")
                .POST(HttpRequest.BodyPublishers.ofString("[" + String.join(",", events) + "]"));
        if (authorization != null) {
            request.header("authorization", authorization);
        }
        int status = post(request.build());
        if (status / 100 != SUCCESS) {
            throw new IOException("it answered " + status);
        }
    }

    /** What goes wrong is told without the address: it may be a secret. */
    private int post(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException failure) {
            throw new IOException("it cannot be reached: " + failure.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
