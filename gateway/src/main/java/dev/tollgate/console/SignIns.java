package dev.tollgate.console;

import dev.tollgate.console.oidc.LoggedOut;
import dev.tollgate.value.Person;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Puts on the log who comes in, who is turned away and who leaves. */
final class SignIns {
    private static final String CONSOLE = "console";

    private final Deeds deeds;

    SignIns(Deeds deeds) {
        this.deeds = deeds;
    }

    /**
     * Records that somebody comes in, and lets them in; nobody comes in unseen.
     *
     * @param how {@code admin_token} or {@code oidc}
     */
    <T> Future<T> signedIn(Person person, String how, String address, Supplier<Future<T>> entering) {
        Map<String, String> details = Map.of("address", address, "how", how, "roles", roles(person));
        return deeds.recorded(person.name(), "signed_in", CONSOLE, details, entering);
    }

    /** Lets somebody leave, whether that can be recorded or not. */
    <T> Future<T> signedOut(Person person, String address, Supplier<Future<T>> leaving) {
        return leaving.get()
                .compose(left -> deeds.told(person.name(), "signed_out", CONSOLE, Map.of("address", address))
                        .map(told -> left));
    }

    /** Records that an identity provider ended sessions. */
    Future<Void> endedByProvider(LoggedOut over, int sessions, String address) {
        Map<String, String> details = Map.of(
                "address", address,
                "issuer", over.issuer(),
                "subject", over.subject(),
                "sessions", Integer.toString(sessions));
        return deeds.told("identity_provider", "signed_out_by_provider", CONSOLE, details);
    }

    /**
     * Records that somebody was turned away; who is refused stays refused whether it can be recorded or not.
     *
     * @param name as the identity provider tells it; {@code unknown} for whoever showed a wrong token
     * @param reason stable lower_snake_case
     */
    Future<Void> refused(String name, String reason, String address) {
        return deeds.told(name, "sign_in_refused", CONSOLE, Map.of("address", address, "reason", reason));
    }

    private static String roles(Person person) {
        return person.duties().stream()
                .map(duty -> duty.role() + " of " + duty.team())
                .collect(Collectors.joining(", "));
    }
}
