package dev.tollgate.console;

import dev.tollgate.value.Person;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One signed-in browser, as one request sees it. Safe on any thread. */
final class Session {
    private static final String GOOD = "+";
    private static final String BAD = "-";

    private final String hash;
    private final String csrf;
    private final Optional<Person> person;
    private @Nullable Notice notice;
    private boolean changed;

    /**
     * @param notice as {@link #kept()} told it
     */
    Session(String hash, String csrf, Optional<Person> person, String notice) {
        this.hash = hash;
        this.csrf = csrf;
        this.person = person;
        this.notice = notice.isEmpty() ? null : new Notice(notice.substring(1), notice.startsWith(GOOD));
    }

    /** Under which it is kept. */
    String hash() {
        return hash;
    }

    /** The token that every form of this session carries. */
    String csrf() {
        return csrf;
    }

    /** Whose it is; empty where they may no longer come in. */
    Optional<Person> person() {
        return person;
    }

    /** Keeps a sentence for the next page. */
    synchronized void tell(Notice told) {
        notice = told;
        changed = true;
    }

    /** Takes the sentence kept for this page. */
    synchronized Optional<Notice> takeNotice() {
        Optional<Notice> taken = Optional.ofNullable(notice);
        changed |= taken.isPresent();
        notice = null;
        return taken;
    }

    /** Whether a sentence was told or taken. */
    synchronized boolean isChanged() {
        return changed;
    }

    /** The sentence for the next page; empty for none. */
    synchronized String kept() {
        return notice == null ? "" : (notice.good() ? GOOD : BAD) + notice.text();
    }
}
