package dev.tollgate.store.stream;

import dev.tollgate.audit.event.EventFormat;
import dev.tollgate.policy.AuditStream;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a policy, its address taken apart.
 *
 * @param stream what was written
 * @param url where to; null for a file
 * @param file where to; null for an address
 */
record StreamTarget(
        AuditStream stream, @Nullable URI url, @Nullable Path file) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** The streams of a policy, in its order. */
    public record All(List<StreamTarget> targets) {
        public All {
            targets = List.copyOf(targets);
        }
    }

    static ViewCompiler<All> compiler() {
        return new ViewCompiler<>() {
            @Override
            public Class<All> type() {
                return All.class;
            }

            @Override
            public All compile(Bundle bundle) throws PolicyException {
                return all(bundle.audit().streams());
            }
        };
    }

    static All all(List<AuditStream> streams) throws PolicyException {
        List<StreamTarget> targets = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (AuditStream stream : streams) {
            String path = "audit.streams[" + targets.size() + "]";
            if (!ID.matcher(stream.id()).matches()) {
                throw PolicyException.at(path + ".id", "is not 1 to 64 letters, digits, _ and -");
            }
            if (!ids.add(stream.id())) {
                throw PolicyException.at(path + ".id", '"' + stream.id() + "\" is used twice");
            }
            targets.add(target(stream, path));
        }
        return new All(targets);
    }

    private static StreamTarget target(AuditStream stream, String path) throws PolicyException {
        boolean isHttp = stream.to().startsWith("http://") || stream.to().startsWith("https://");
        if (stream.authorization() != null && !isHttp) {
            throw PolicyException.at(path + ".authorization", "is for http:// and https:// only");
        }
        // What is wrong is said without the address: it may be a secret.
        try {
            if (!stream.to().contains("://")) {
                return new StreamTarget(stream, null, Path.of(stream.to()));
            }
            URI url = new URI(stream.to());
            boolean isSyslog = "syslog".equals(url.getScheme()) || "syslogs".equals(url.getScheme());
            boolean usable = url.getHost() != null
                    && url.getUserInfo() == null
                    && (isHttp
                            || (isSyslog
                                    && url.getPort() > 0
                                    && url.getRawPath().isEmpty()));
            if (!usable) {
                throw PolicyException.at(
                        path + ".to",
                        "is not https://host[:port]/path, http://…, syslog://host:port, syslogs://host:port or the path of a file");
            }
            return new StreamTarget(stream, url, null);
        } catch (URISyntaxException malformed) {
            throw PolicyException.at(path + ".to", "is not a URL: " + malformed.getReason());
        } catch (InvalidPathException malformed) {
            throw PolicyException.at(path + ".to", "is not the path of a file: " + malformed.getReason());
        }
    }

    /** Opens the way to it; connects to nothing yet. */
    Collector collector(EventFormat format, InstantSource clock) {
        if (file != null) {
            return new FileCollector(file);
        }
        if (url == null) {
            throw new IllegalStateException("stream " + stream.id() + " leads nowhere");
        }
        return switch (url.getScheme()) {
            case "syslog" -> new SyslogCollector(url.getHost(), url.getPort(), false, clock);
            case "syslogs" -> new SyslogCollector(url.getHost(), url.getPort(), true, clock);
            default -> new HttpCollector(url, format.batchType(), stream.authorization());
        };
    }

    @Override
    public String toString() {
        return stream.toString();
    }
}
