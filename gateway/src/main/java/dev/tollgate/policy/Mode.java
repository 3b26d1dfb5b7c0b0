package dev.tollgate.policy;

/** Whether a decision is enforced, or only recorded. */
public enum Mode {
    /** Decide and enforce. */
    ENFORCE,
    /** Decide and record what would have happened; let the call pass unchanged. */
    OBSERVE,
    /** Do not look. Recorded as such. */
    OFF
}
