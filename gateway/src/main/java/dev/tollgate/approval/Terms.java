package dev.tollgate.approval;

import java.time.Duration;
import java.util.List;

/**
 * Who may decide a ticket, as the policy said when it was opened.
 *
 * @param reviewers roles of which a reviewer needs one; empty where every approver of the team decides
 * @param quorum how many different people must approve, ≥ 1
 * @param notBy people who may not approve, because the call is theirs
 * @param approvesOnTimeout whether it counts as approved when nobody decides before its deadline
 * @param approvalLastsMillis how long an approval waits for its client to come back
 */
public record Terms(
        List<String> reviewers, int quorum, List<String> notBy, boolean approvesOnTimeout, long approvalLastsMillis) {
    /** Any approver decides, alone. */
    public static final Terms USUAL = new Terms(List.of(), 1, List.of(), false);

    public Terms {
        reviewers = reviewers == null ? List.of() : List.copyOf(reviewers);
        quorum = Math.max(1, quorum);
        notBy = notBy == null ? List.of() : List.copyOf(notBy);
        approvalLastsMillis = approvalLastsMillis > 0 ? approvalLastsMillis : Ticket.APPROVAL_LASTS.toMillis();
    }

    /** Those whose approvals wait as long as usual. */
    public Terms(List<String> reviewers, int quorum, List<String> notBy, boolean approvesOnTimeout) {
        this(reviewers, quorum, notBy, approvesOnTimeout, 0);
    }

    Duration approvalLasts() {
        return Duration.ofMillis(approvalLastsMillis);
    }
}
