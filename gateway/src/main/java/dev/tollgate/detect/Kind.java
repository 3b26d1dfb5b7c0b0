package dev.tollgate.detect;

import java.util.Locale;

/** What a rule looks for. */
public enum Kind {
    /** Credentials: keys, tokens, passwords, private keys. */
    SECRET,
    /** Data about a person: addresses, numbers, identifiers. */
    PERSONAL,
    /** Text that tries to turn a model against its operator: injection, jailbreak, exfiltration. */
    INJECTION;

    /** The word for it in rule packs, policies and records. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
