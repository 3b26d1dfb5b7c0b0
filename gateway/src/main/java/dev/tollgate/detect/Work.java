package dev.tollgate.detect;

/** The work budget of one scan, in characters read. Not thread-safe: one scan, one thread. */
final class Work {
    /** Characters that may be read for any text, however short. */
    static final long BASE = 2_000_000;
    /** What one try of an expression costs besides what it reads. */
    static final int ATTEMPT = 8;
    /** Characters that may be read per character of the text, over all rules and views. */
    static final long PER_CHAR = 64;

    private long left;

    Work(int textLength) {
        this(BASE + PER_CHAR * textLength);
    }

    Work(long budget) {
        this.left = budget;
    }

    void spend(long characters) {
        left -= characters;
        if (left < 0) {
            throw new Exceeded();
        }
    }

    /** Characters that may still be read. */
    long left() {
        return left;
    }

    /** Thrown out of the middle of an expression; without a stack trace, because hostile texts must be cheap to refuse. */
    static final class Exceeded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exceeded() {
            super("the work limit of this text is exceeded", null, false, false);
        }
    }
}
