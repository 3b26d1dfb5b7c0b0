package dev.tollgate.console;

import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.policy.ConsolePolicy.Oidc;
import dev.tollgate.policy.ConsolePolicy.RoleEntry;
import dev.tollgate.value.Person;
import dev.tollgate.value.Person.Duty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the policy in force makes of people whom an identity provider knows. */
final class RoleBook {
    private static final String EVERYBODY = "*";

    private final PolicyDesk policy;

    RoleBook(PolicyDesk policy) {
        this.policy = policy;
    }

    /** Whom somebody is now; empty where the policy gives them no role, or trusts their provider no more. */
    Optional<Person> personOf(ByProvider identity) {
        @Nullable Oidc oidc = policy.current().bundle().console().oidc();
        if (oidc == null || !oidc.issuer().equals(identity.issuer())) {
            return Optional.empty();
        }
        List<Duty> duties = new ArrayList<>();
        for (RoleEntry entry : oidc.roles()) {
            if (entry.value().equals(EVERYBODY) || identity.groups().contains(entry.value())) {
                entry.teams().forEach(team -> duties.add(new Duty(entry.role(), team)));
            }
        }
        return duties.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Person(identity.name(), duties.stream().distinct().toList()));
    }
}
