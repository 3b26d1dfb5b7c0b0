package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import dev.tollgate.policy.ApprovalPolicy.DenyAs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who decides what a rule holds.
 *
 * @param reviewers roles of which a reviewer needs one; otherwise approvers and admins of the team decide
 * @param quorum how many different people must approve; the first denial denies
 * @param fourEyes whether those may not approve who own the calling key, agent or team ({@code approval.owners}), or whom the call names as its user
 * @param onTimeout what becomes of a ticket that nobody decides before its deadline
 * @param denyAs how the client of a call is told, over what {@code approval.deny_as} says
 */
public record ReviewPolicy(
        List<String> reviewers,
        @Range(min = "1", max = "10") Integer quorum,
        Boolean fourEyes,
        OnTimeout onTimeout,
        @Nullable DenyAs denyAs) {
    public static final ReviewPolicy DEFAULT = new ReviewPolicy(List.of(), 1, false, OnTimeout.DENY, null);

    /** What becomes of a ticket that nobody decides before its deadline. */
    public enum OnTimeout {
        /** It counts as denied. */
        DENY,
        /** It counts as approved, which stands on the record. */
        APPROVE
    }

    public ReviewPolicy {
        reviewers = List.copyOf(or(reviewers, List.of()));
        quorum = or(quorum, 1);
        fourEyes = or(fourEyes, false);
        onTimeout = or(onTimeout, OnTimeout.DENY);
    }
}
