package dev.tollgate.console;

import dev.tollgate.policy.ConsolePolicy;
import dev.tollgate.value.Person;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One signed-in browser. Safe on any thread. */
final class Session {
    private final String csrf;
    private final Supplier<Optional<Person>> who;
    private final Instant signedInAt;
    private Instant lastUsedAt;
    private @Nullable Notice notice;

    Session(String csrf, Supplier<Optional<Person>> who, Instant signedInAt) {
        this.csrf = csrf;
        this.who = who;
        this.signedInAt = signedInAt;
        this.lastUsedAt = signedInAt;
    }

    /** The token that every form of this session carries. */
    String csrf() {
        return csrf;
    }

    /** Whose it is; empty where they may no longer come in. */
    Optional<Person> person() {
        return who.get();
    }

    synchronized boolean isOverAt(Instant now, ConsolePolicy limits) {
        return now.isAfter(lastUsedAt.plus(limits.idle())) || now.isAfter(signedInAt.plus(limits.life()));
    }

    synchronized void touch(Instant now) {
        lastUsedAt = now;
    }

    /** Keeps a sentence for the next page. */
    synchronized void tell(Notice told) {
        notice = told;
    }

    /** Takes the sentence kept for this page. */
    synchronized Optional<Notice> takeNotice() {
        Optional<Notice> taken = Optional.ofNullable(notice);
        notice = null;
        return taken;
    }
}
