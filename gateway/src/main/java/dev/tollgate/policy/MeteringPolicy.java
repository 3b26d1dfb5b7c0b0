package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

/**
 * What is done to learn the usage of a reply.
 *
 * @param requestStreamUsage whether {@code stream_options.include_usage} is added where absent, and the extra chunk taken out again
 */
public record MeteringPolicy(Boolean requestStreamUsage) {
    public static final MeteringPolicy DEFAULT = new MeteringPolicy(true);

    public MeteringPolicy {
        requestStreamUsage = or(requestStreamUsage, true);
    }
}
