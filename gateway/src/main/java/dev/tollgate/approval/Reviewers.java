package dev.tollgate.approval;

import dev.tollgate.exchange.Caller;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.ApprovalPolicy.OwnerEntry;
import dev.tollgate.policy.ReviewPolicy;
import dev.tollgate.value.NamePattern;
import dev.tollgate.value.Person;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who may decide which ticket. */
public final class Reviewers {
    private Reviewers() {}

    /** Terms of a ticket for a call, as the policy says them now. */
    static Terms terms(ReviewPolicy review, ApprovalPolicy policy, Caller caller) {
        boolean isUsual = review.reviewers().isEmpty()
                && review.quorum() == 1
                && !review.fourEyes()
                && review.onTimeout() == ReviewPolicy.OnTimeout.DENY
                && policy.approvalLasts().equals(Ticket.APPROVAL_LASTS);
        return isUsual
                ? Terms.USUAL
                : new Terms(
                        review.reviewers(),
                        review.quorum(),
                        review.fourEyes() ? List.copyOf(ownersOf(caller, policy.owners())) : List.of(),
                        review.onTimeout() == ReviewPolicy.OnTimeout.APPROVE,
                        policy.approvalLasts().toMillis());
    }

    private static Set<String> ownersOf(Caller caller, List<OwnerEntry> owners) {
        Set<String> people = new TreeSet<>();
        for (OwnerEntry owner : owners) {
            boolean isTheirs = new NamePattern(owner.teams().all())
                            .matches(caller.team().value())
                    || new NamePattern(owner.agents().all())
                            .matches(caller.agent().value())
                    || new NamePattern(owner.keys().all()).matches(caller.key().value());
            if (isTheirs) {
                people.addAll(owner.people());
            }
        }
        // Whom the client names can be a lie, which can only keep somebody from approving.
        if (!caller.labels().user().isEmpty()) {
            people.add(caller.labels().user());
        }
        return people;
    }

    /**
     * Why somebody may not decide a ticket; empty where they may.
     *
     * @param approves what they want to say: who may not approve their own call may still deny it
     */
    public static Optional<String> refusal(Ticket ticket, Person person, boolean approves) {
        Terms terms = ticket.details().terms();
        String team = ticket.team();
        boolean mayDecide = terms.reviewers().isEmpty()
                ? person.mayDecide(team)
                : terms.reviewers().stream().anyMatch(role -> person.has(role, team));
        if (!mayDecide) {
            return Optional.of(
                    terms.reviewers().isEmpty()
                            ? person.name() + " is no approver of team " + team
                            : "this ticket is decided by " + String.join(" or ", terms.reviewers()) + ", and "
                                    + person.name() + " is none for team " + team);
        }
        return approves && isTheirOwn(terms, person)
                ? Optional.of("the call is " + person.name() + "'s own, and somebody else must approve it")
                : Optional.empty();
    }

    private static boolean isTheirOwn(Terms terms, Person person) {
        return terms.notBy().stream().anyMatch(name -> name.equalsIgnoreCase(person.name()));
    }
}
