package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How people get into the console.
 *
 * @param url the console's address as browsers reach it, where that is not where it listens: {@code https://tollgate.example.com}
 * @param idle how long somebody may do nothing before they must sign in again
 * @param life how long somebody stays signed in at most
 * @param oidc the identity provider that says who people are; without it there is the admin token alone
 */
public record ConsolePolicy(
        @Nullable String url,
        @Range(min = "1s") Duration idle,
        @Range(min = "1s") Duration life,
        @Nullable Oidc oidc) {
    public static final ConsolePolicy DEFAULT =
            new ConsolePolicy(null, Duration.ofMinutes(30), Duration.ofHours(12), null);

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public ConsolePolicy {
        idle = or(idle, Duration.ofMinutes(30));
        life = or(life, Duration.ofHours(12));
        if (url != null) {
            URI parsed = web(url, "url");
            Defaults.require(
                    parsed.getRawPath().isEmpty() || parsed.getRawPath().equals("/"),
                    "url must be scheme and host alone: the console serves from the root");
            url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        }
    }

    /** The host name of {@link #url}; empty where there is none. */
    public String host() {
        return url == null ? "" : String.valueOf(URI.create(url).getHost());
    }

    /** Whether browsers reach it over TLS, as far as {@link #url} tells. */
    public boolean isSecure() {
        return url != null && url.toLowerCase(Locale.ROOT).startsWith("https:");
    }

    /**
     * An OpenID Connect provider, asked with the authorization code flow and PKCE.
     *
     * @param issuer its address, where {@code /.well-known/openid-configuration} stands; {@code https}, or loopback
     * @param clientId the id under which it knows this gateway
     * @param clientSecret the secret that goes with it; none for a public client
     * @param scopes what is asked for
     * @param nameClaim the claim that names people in records and tickets; its value must be theirs alone
     * @param rolesClaim the claim that lists groups or roles; dots lead into objects: {@code realm_access.roles}
     * @param roles what those values make of people, all that fit taken together; whom none fits stays outside
     */
    public record Oidc(
            @Required String issuer,
            @Required String clientId,
            @Nullable @SecretText String clientSecret,
            List<String> scopes,
            String nameClaim,
            String rolesClaim,
            @Required List<RoleEntry> roles) {
        public Oidc {
            scopes = List.copyOf(or(scopes, List.of("openid", "profile", "email")));
            nameClaim = or(nameClaim, "email");
            rolesClaim = or(rolesClaim, "groups");
            roles = List.copyOf(or(roles, List.of()));
            URI parsed = web(issuer, "issuer");
            Defaults.require(
                    "https".equalsIgnoreCase(parsed.getScheme()) || LOOPBACK.contains(parsed.getHost()),
                    "issuer must be https: whoever could change what it says could sign in as anybody");
            Defaults.require(scopes.contains("openid"), "scopes must hold openid");
        }

        @Override
        public String toString() {
            return "Oidc[" + issuer + ", " + clientId + ", secret redacted]";
        }
    }

    /**
     * What one value of the roles claim makes of people.
     *
     * @param value a group or role of the identity provider's, or {@code *} for everybody whom it knows
     * @param role {@code viewer}, {@code approver} or {@code admin}, or a name that holds ask for
     * @param teams for which teams; {@code *} for all
     */
    public record RoleEntry(
            @Required String value, @Required String role, List<String> teams) {
        public RoleEntry {
            teams = List.copyOf(or(teams, List.of("*")));
            Defaults.require(!teams.isEmpty(), "teams is empty: leave it out for all teams");
        }
    }

    private static URI web(String text, String name) {
        try {
            URI parsed = URI.create(text);
            String scheme = String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT);
            Defaults.require(
                    (scheme.equals("https") || scheme.equals("http"))
                            && parsed.getHost() != null
                            && parsed.getRawUserInfo() == null
                            && parsed.getRawQuery() == null
                            && parsed.getRawFragment() == null,
                    name + " must be an address such as https://id.example.com");
            return parsed;
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(name + " must be an address such as https://id.example.com", malformed);
        }
    }
}
