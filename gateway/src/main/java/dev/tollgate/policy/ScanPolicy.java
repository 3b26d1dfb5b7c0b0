package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.Map;

/**
 * Secrets and personal data in what agents send and models answer.
 *
 * @param mode whether what is found is acted upon
 * @param secrets what is done with a secret
 * @param personal what is done with personal data
 * @param rules actions for single rules, over the two above; the name is the id of a rule in {@code rules/}
 * @param unreadable what happens to a body that cannot be read as text and is no known medium
 * @param replies what is done about the same in what models answer
 */
public record ScanPolicy(
        Mode mode,
        Action secrets,
        Action personal,
        Map<String, Action> rules,
        Unreadable unreadable,
        ReplyScanPolicy replies) {
    public static final ScanPolicy DEFAULT = new ScanPolicy(
            Mode.ENFORCE, Action.BLOCK, Action.REDACT, Map.of(), Unreadable.DENY, ReplyScanPolicy.DEFAULT);

    /** What is done with a finding. */
    public enum Action {
        /** The call is denied. */
        BLOCK,
        /** A person decides whether the call is sent as it is, or not at all; see {@code approval}. */
        HOLD,
        /** A placeholder takes its place. */
        REDACT,
        /** A placeholder takes its place, and where it turns up in the reply, what it stands for is put back. */
        RESTORE,
        /** It is recorded. */
        MARK,
        /** The rule does not run. */
        OFF
    }

    /** What happens to a body that cannot be scanned. */
    public enum Unreadable {
        /** It is refused: it could hide anything. */
        DENY,
        /** It passes, and the record says {@code NOT_SCANNED}. */
        ALLOW
    }

    public ScanPolicy {
        mode = or(mode, Mode.ENFORCE);
        secrets = or(secrets, Action.BLOCK);
        personal = or(personal, Action.REDACT);
        rules = Map.copyOf(or(rules, Map.of()));
        unreadable = or(unreadable, Unreadable.DENY);
        replies = or(replies, ReplyScanPolicy.DEFAULT);
    }
}
