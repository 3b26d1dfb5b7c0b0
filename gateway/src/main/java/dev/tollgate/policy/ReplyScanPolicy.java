package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

/**
 * Secrets and personal data in what models answer. While either is looked for, text of a stream is kept back until no rule can match it any
 * more: usually a few dozen characters. Single rules follow {@code scan.rules} where that says block, redact or off.
 *
 * @param secrets what is done with a secret
 * @param personal what is done with personal data
 */
public record ReplyScanPolicy(Action secrets, Action personal) {
    public static final ReplyScanPolicy DEFAULT = new ReplyScanPolicy(Action.OFF, Action.OFF);

    /** What is done with a finding. */
    public enum Action {
        /** The answer ends there, with the reason. */
        BLOCK,
        /** A placeholder takes its place. */
        REDACT,
        /** It is not looked for. */
        OFF
    }

    public ReplyScanPolicy {
        secrets = or(secrets, Action.OFF);
        personal = or(personal, Action.OFF);
    }

    /** Whether anything is looked for. */
    public boolean isOn() {
        return secrets != Action.OFF || personal != Action.OFF;
    }
}
