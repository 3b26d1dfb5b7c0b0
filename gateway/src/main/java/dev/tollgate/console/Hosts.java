package dev.tollgate.console;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names under which the console may be asked for. On loopback only loopback's own names pass: a web page that points its own name at
 * 127.0.0.1 (DNS rebinding) would otherwise talk to the console as if it were its own server. Bound elsewhere every name passes, unless the
 * operator listed some. Ports are not looked at, so that a forwarded port works.
 */
final class Hosts {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final boolean any;
    private final Set<String> allowed;

    /**
     * @param boundTo the address the console listens on
     * @param further names that the operator added
     */
    Hosts(String boundTo, List<String> further) {
        boolean loopback = isLoopback(boundTo);
        this.any = !loopback && further.isEmpty();
        Set<String> names = new HashSet<>(LOOPBACK);
        names.add(boundTo.toLowerCase(Locale.ROOT));
        further.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        this.allowed = Set.copyOf(names);
    }

    static boolean isLoopback(String address) {
        return LOOPBACK.contains(address.toLowerCase(Locale.ROOT)) || address.startsWith("127.");
    }

    /**
     * @param host the {@code Host} header; null where there is none
     */
    boolean allows(@Nullable String host) {
        if (host == null || host.isEmpty()) {
            return false;
        }
        return any || allowed.contains(nameOf(host).toLowerCase(Locale.ROOT));
    }

    private static String nameOf(String host) {
        int bracket = host.indexOf(']');
        if (bracket >= 0) {
            return host.substring(0, bracket + 1);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
