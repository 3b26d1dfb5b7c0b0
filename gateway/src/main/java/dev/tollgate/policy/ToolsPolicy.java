package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tools agents may define, and which calls of tools reach them from the model.
 *
 * @param mode whether definitions are taken out and calls kept back
 * @param profile rules that are ready, behind your own
 * @param rules the first that is about a definition, or a call, decides; what none is about passes
 */
public record ToolsPolicy(Mode mode, Profile profile, List<ToolRule> rules) {
    public static final ToolsPolicy DEFAULT = new ToolsPolicy(Mode.ENFORCE, Profile.NONE, List.of());

    /** Rules that are ready. Each profile has those of the one before. */
    public enum Profile {
        /** No rules but your own. */
        NONE,
        /** Commands that destroy a machine are denied, as is asking a cloud's metadata service for credentials. */
        TRUSTED,
        /** What deletes, publishes, reads credentials or runs what it downloads is held. */
        STANDARD,
        /** Every shell, every change to files and every way to the network is held. */
        RESTRICTED
    }

    /** What becomes of a definition. */
    public enum Define {
        /** It stays. */
        ALLOW,
        /** It is taken out of the request: the model does not learn of the tool. */
        STRIP,
        /** The call is refused. */
        DENY
    }

    /** What becomes of a call of a tool in a reply. */
    public enum Permit {
        /** It passes. */
        ALLOW,
        /** It waits for a person, and passes as it came once approved. */
        HOLD,
        /** It is taken out, and the reason stands in its place. */
        DENY
    }

    /**
     * What is done about some tools. Of {@code commands}, {@code paths} and {@code hosts} a rule that holds or denies needs one match among all that the
     * arguments name, a rule that allows needs all of them to match. In names and patterns {@code *} stands for any characters.
     *
     * @param id names the rule in tickets and records
     * @param tools names of tools, in any case of letters; all by default
     * @param agents agents whose calls it is about; all by default
     * @param teams teams whose calls it is about; all by default
     * @param commands what the arguments tell to run, command by command, or as a whole
     * @param paths files and folders that the arguments name
     * @param hosts hosts of the addresses that the arguments name
     * @param when a condition in CEL over {@code args} (the arguments as a map) and what gateway/docs/tools.md lists besides; must yield a bool
     * @param define what becomes of a definition; without it the rule is not about definitions
     * @param call what becomes of a call; without it the rule is not about calls
     * @param reason what model, people and records are told
     * @param deadline how long a ticket waits before it counts as denied
     * @param review who decides
     */
    public record ToolRule(
            @Required String id,
            Names tools,
            Names agents,
            Names teams,
            Names commands,
            Names paths,
            Names hosts,
            @Nullable String when,
            @Nullable Define define,
            @Nullable Permit call,
            String reason,
            @Range(min = "1ms") Duration deadline,
            ReviewPolicy review) {
        public ToolRule {
            tools = or(tools, Names.NONE);
            agents = or(agents, Names.NONE);
            teams = or(teams, Names.NONE);
            commands = or(commands, Names.NONE);
            paths = or(paths, Names.NONE);
            hosts = or(hosts, Names.NONE);
            reason = or(reason, "rule " + id);
            deadline = or(deadline, Duration.ofMinutes(15));
            review = or(review, ReviewPolicy.DEFAULT);
        }
    }

    public ToolsPolicy {
        mode = or(mode, Mode.ENFORCE);
        profile = or(profile, Profile.NONE);
        rules = List.copyOf(or(rules, List.of()));
    }
}
