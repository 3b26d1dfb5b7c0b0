package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.List;

/**
 * What is looked for in what models answer. While anything is, text of a stream is kept back until no rule can match it any more: usually a
 * few dozen characters. Single rules follow {@code scan.rules} where that says block, redact, mark or off.
 *
 * @param secrets what is done with a secret
 * @param personal what is done with personal data
 * @param links what is done with links and pictures that carry data to hosts which are not listed, and with names of hosts made of data
 * @param linkHosts hosts that links and pictures may carry data to, {@code *} standing for any characters: {@code "*.acme.com"}
 * @param prompt what is done with long stretches of the call's own system prompt
 * @param promptWords words of such a stretch from which on it counts; a shorter prompt is looked for as a whole
 */
public record ReplyScanPolicy(
        Action secrets,
        Action personal,
        Action links,
        List<String> linkHosts,
        Action prompt,
        @Range(min = "8", max = "200") Integer promptWords) {
    public static final ReplyScanPolicy DEFAULT =
            new ReplyScanPolicy(Action.OFF, Action.OFF, Action.OFF, List.of(), Action.OFF, 20);

    /** What is done with a finding. */
    public enum Action {
        /** The answer ends there, with the reason. */
        BLOCK,
        /** A placeholder takes its place. */
        REDACT,
        /** It is recorded. */
        MARK,
        /** It is not looked for. */
        OFF
    }

    public ReplyScanPolicy {
        secrets = or(secrets, Action.OFF);
        personal = or(personal, Action.OFF);
        links = or(links, Action.OFF);
        linkHosts = List.copyOf(or(linkHosts, List.of()));
        prompt = or(prompt, Action.OFF);
        promptWords = or(promptWords, 20);
    }

    /** Whether anything is looked for. */
    public boolean isOn() {
        return secrets != Action.OFF || personal != Action.OFF || links != Action.OFF || prompt != Action.OFF;
    }
}
