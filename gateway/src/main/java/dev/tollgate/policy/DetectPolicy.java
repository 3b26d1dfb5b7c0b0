package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Injection, jailbreak and exfiltration.
 *
 * @param mode whether a call with a high score is refused
 * @param threshold score from 0 to 1 at and above which a call is denied
 * @param holdFrom score below the threshold at and above which a person decides whether the call is sent; nobody is asked where there is none
 * @param disabled ids of rules that do not run
 */
public record DetectPolicy(
        Mode mode,
        @Range(above = "0", max = "1") Double threshold,
        @Nullable @Range(above = "0", max = "1") Double holdFrom,
        Set<String> disabled) {
    public static final DetectPolicy DEFAULT = new DetectPolicy(Mode.ENFORCE, 0.8, null, Set.of());

    /** One that asks nobody. */
    public DetectPolicy(Mode mode, Double threshold, Set<String> disabled) {
        this(mode, threshold, null, disabled);
    }

    public DetectPolicy {
        mode = or(mode, Mode.ENFORCE);
        threshold = or(threshold, 0.8);
        disabled = Set.copyOf(or(disabled, Set.of()));
    }
}
