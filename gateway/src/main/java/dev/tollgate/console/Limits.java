package dev.tollgate.console;

import java.time.Duration;

/** Every limit of the console. */
final class Limits {
    static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;
    static final int MAX_HEAD_BYTES = 32 * 1024;
    static final int MAX_BODY_BYTES = 64 * 1024;
    /** Fields of a form or query string. */
    static final int MAX_PARAMETERS = 100;
    /** Characters of a reviewer's note. */
    static final int MAX_NOTE = 1000;
    /** Longest pause of a connection, in seconds. */
    static final int IDLE_SECONDS = 75;

    static final int MAX_SESSIONS = 1000;
    /** Sign-ins under way at the identity provider at once. */
    static final int MAX_DEPARTURES = 10_000;
    /** How long somebody may take at the identity provider. */
    static final Duration DEPARTURE_LIFE = Duration.ofMinutes(10);

    /** How far the clock of an identity provider, which tells whole seconds, may be behind when it ends sessions. */
    static final Duration LOGOUT_SKEW = Duration.ofMinutes(1);

    /** Wrong tokens from one address within {@link #SIGN_IN_WINDOW} before further ones are answered 429. */
    static final int MAX_WRONG_TOKENS = 10;

    static final Duration SIGN_IN_WINDOW = Duration.ofMinutes(1);
    /** Addresses whose wrong tokens are counted at once. */
    static final int MAX_ADDRESSES = 10_000;

    /** No page takes more. */
    static final int MAX_PAGE_BYTES = 200 * 1024;

    /** Held calls decided with one click. */
    static final int MAX_BATCH = 50;
    /** Held calls looked through for those that somebody may see. */
    static final int MAX_PENDING_READ = 2000;

    /** Pages that wait for a first call at once, and as many that follow the queue. */
    static final int MAX_WATCHERS = 50;
    /** Loads of policies that are remembered. */
    static final int MAX_POLICY_CHANGES = 200;

    static final int MAX_ROWS_SHOWN = 50;
    static final int MAX_ROWS_OF_API = 500;
    static final int MAX_KEYS_SHOWN = 500;
    /** Keys looked through for those that somebody may see. */
    static final int MAX_KEYS_READ = 10_000;

    /** Counters, and live holds, read for one page. */
    static final int MAX_COUNTERS_READ = 10_000;

    static final int MAX_SESSIONS_SHOWN = 100;
    /** Calls of a session on one page. */
    static final int MAX_STEPS_SHOWN = 500;

    static final int MAX_SPEND_ROWS_SHOWN = 100;
    /** Programs that follow the log at once. */
    static final int MAX_STREAMS = 16;

    /** Longest wait for one page or answer. */
    static final Duration ANSWER_TIME = Duration.ofSeconds(15);

    private Limits() {}
}
