package dev.tollgate.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The API in its own words: an OpenAPI document, written by hand as YAML and served as JSON to anybody. */
final class ApiDescription {
    private static final String FILE = "/console/openapi.yaml";

    private final byte[] json;

    ApiDescription() {
        try (InputStream file = ApiDescription.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("the jar lacks " + FILE);
            }
            this.json = new ObjectMapper().writeValueAsBytes(new ObjectMapper(new YAMLFactory()).readTree(file));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    List<Route> routes() {
        return List.of(Route.get(
                "/api/openapi.json", Access.OPEN, Need.ANYBODY, call -> Future.succeededFuture(Reply.json(200, json))));
    }
}
