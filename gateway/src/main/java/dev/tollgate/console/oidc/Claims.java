package dev.tollgate.console.oidc;

import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.policy.ConsolePolicy.Oidc;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads who somebody is from proven claims. */
final class Claims {
    private static final int MAX_GROUPS = 2_000;
    private static final int MAX_NAME = 128;

    private final Oidc policy;

    Claims(Oidc policy) {
        this.policy = policy;
    }

    /** Whether nothing that is needed has to be asked for elsewhere. */
    boolean isWhole(Map<String, Object> claims) {
        return at(claims, policy.rolesClaim()) != null && claims.get(policy.nameClaim()) != null;
    }

    ByProvider identity(Map<String, Object> claims) throws SignInRefused {
        return new ByProvider(policy.issuer(), text(claims, "sub"), text(claims, "sid"), name(claims), groups(claims));
    }

    private static String text(Map<String, Object> claims, String name) {
        return claims.get(name) instanceof String text ? text : "";
    }

    private String name(Map<String, Object> claims) throws SignInRefused {
        Object claimed = claims.get(policy.nameClaim());
        if (!(claimed instanceof String name) || name.isBlank() || name.length() > MAX_NAME) {
            throw new SignInRefused(
                    "name_missing", "the identity provider does not tell the claim " + policy.nameClaim());
        }
        // An address that its holder may have made up would be a way to act under somebody else's name.
        if (policy.nameClaim().equals("email") && Boolean.FALSE.equals(claims.get("email_verified"))) {
            throw new SignInRefused("email_unverified", "the identity provider has not verified the e-mail address");
        }
        boolean isReserved = name.equals("admin") || name.equals("gateway") || name.indexOf(':') >= 0;
        return isReserved ? "oidc:" + name : name;
    }

    private Set<String> groups(Map<String, Object> claims) {
        Set<String> groups = new LinkedHashSet<>();
        switch (at(claims, policy.rolesClaim())) {
            case Collection<?> several ->
                several.stream()
                        .filter(one -> one instanceof String group && !ByProvider.hasControls(group))
                        .limit(MAX_GROUPS)
                        .forEach(one -> groups.add((String) one));
            case String one when !ByProvider.hasControls(one) -> groups.add(one);
            case null, default -> {}
        }
        return groups;
    }

    /** A claim of the whole name, or along its dots into objects. */
    private static @Nullable Object at(Map<?, ?> claims, String path) {
        Object whole = claims.get(path);
        int dot = path.indexOf('.');
        if (whole != null || dot < 0) {
            return whole;
        }
        return claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner
                ? at(inner, path.substring(dot + 1))
                : null;
    }
}
