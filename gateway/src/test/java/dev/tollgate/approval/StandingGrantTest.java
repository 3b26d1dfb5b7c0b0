package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.value.Person;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingGrantTest {
    private static Ticket wanting(String tool, String arguments) {
        Ticket ticket = Tickets.pending("A1", "f1");
        return ticket.with(ticket.details().with(Wish.of(tool, ToolArguments.of(arguments))));
    }

    private static boolean passes(List<String> commands, List<String> paths, Ticket ticket) {
        GrantScope scope = new GrantScope("coder", "", "", "", "dear", "", "bash", commands, paths);
        return Grants.of("G1", scope, "5", Grants.NOW).letsPass(ticket);
    }

    private static boolean runs(String pattern, String command) {
        return passes(List.of(pattern), List.of(), wanting("bash", "{\"command\":\"" + command + "\"}"));
    }

    private static boolean touches(String folder, String path) {
        return passes(List.of(), List.of(folder), wanting("bash", "{\"path\":\"" + path + "\"}"));
    }

    @Test
    void commands_allMustBeAllowed() {
        assertThat(runs("git push *", "git push origin main")).isTrue();
        assertThat(runs("git push *", "git pull")).isFalse();
        assertThat(runs("git push *", "git push origin; rm -rf /")).isFalse();
        assertThat(runs("git push *", "git push $(curl evil)")).isFalse();
    }

    @Test
    void paths_areTheFolderAndWhatIsBelow() {
        assertThat(touches("/srv/app", "/srv/app")).isTrue();
        assertThat(touches("/srv/app", "/srv/app/a/b.txt")).isTrue();
        assertThat(touches("/srv/app", "/srv/application/b.txt")).isFalse();
        assertThat(touches("/srv/app", "/srv/app/../other/b.txt")).isFalse();
    }

    @Test
    void paths_areNoLeaveToRunSomething() {
        assertThat(passes(
                        List.of(),
                        List.of("/srv/app"),
                        wanting("bash", "{\"command\":\"sh /srv/app/x.sh\",\"path\":\"/srv/app/x\"}")))
                .isFalse();
    }

    @Test
    void argumentsThatCannotBeSeen_areCoveredByTheToolAlone() {
        Ticket unread = wanting("bash", "{no json");

        assertThat(passes(List.of("*"), List.of(), unread)).isFalse();
        assertThat(passes(List.of(), List.of("/"), unread)).isFalse();
        assertThat(passes(List.of(), List.of(), unread)).isTrue();
    }

    @Test
    void wholeCall_isNotCoveredByLeaveForATool_norTheOtherWayRound() {
        GrantScope calls = new GrantScope("coder", "", "", "", "dear", "", "", List.of(), List.of());
        Ticket call = Tickets.pending("A1", "f1");

        assertThat(Grants.of("G1", calls, "5", Grants.NOW).letsPass(call)).isTrue();
        assertThat(Grants.of("G1", calls, "5", Grants.NOW).letsPass(wanting("bash", "{}")))
                .isFalse();
        assertThat(passes(List.of(), List.of(), call)).isFalse();
    }

    @Test
    void otherAgentRuleOrSession_isNotCovered() {
        Ticket call = Tickets.pending("A1", "f1");
        for (GrantScope other : List.of(
                new GrantScope("writer", "", "", "", "dear", "", "", List.of(), List.of()),
                new GrantScope("coder", "", "", "", "cheap", "", "", List.of(), List.of()),
                new GrantScope("coder", "", "", "run-2", "dear", "", "", List.of(), List.of()),
                new GrantScope("coder", "search", "", "", "dear", "", "", List.of(), List.of()))) {
            assertThat(Grants.of("G1", other, "5", Grants.NOW).letsPass(call))
                    .as(other.toString())
                    .isFalse();
        }
    }

    @Test
    void maker_whoCouldNotApproveAlone_letsNothingPass() {
        GrantScope calls = new GrantScope("coder", "", "", "", "dear", "", "", List.of(), List.of());
        StandingGrant grant = Grants.of("G1", calls, "5", Grants.NOW);
        Ticket call = Tickets.pending("A1", "f1");

        assertThat(grant.letsPass(Tickets.with(call, new Terms(List.of(), 2, List.of(), false))))
                .as("two people are asked for")
                .isFalse();
        assertThat(grant.letsPass(Tickets.with(call, new Terms(List.of("security"), 1, List.of(), false))))
                .as("somebody else is asked for")
                .isFalse();
        assertThat(grant.letsPass(Tickets.with(call, new Terms(List.of(), 1, List.of("Ann"), false))))
                .as("it is the maker's own call")
                .isFalse();
        assertThat(grant.letsPass(Tickets.with(call, new Terms(List.of(), 1, List.of("bob"), false))))
                .isTrue();
    }

    @Test
    void refusal_namesWhoDecides() {
        Ticket call =
                Tickets.with(Tickets.pending("A1", "f1"), new Terms(List.of("security"), 1, List.of("bob"), false));
        Person bob = new Person("bob", List.of(new Person.Duty("security", "core")));
        Person eve = new Person("eve", List.of(new Person.Duty("approver", "core")));

        assertThat(Reviewers.refusal(call, bob, true))
                .contains("the call is bob's own, and somebody else must approve it");
        assertThat(Reviewers.refusal(call, bob, false)).isEmpty();
        assertThat(Reviewers.refusal(call, eve, true))
                .contains("this ticket is decided by security, and eve is none for team core");
    }

    @Test
    void scope_withoutAgentOrToolForItsPaths_isRefused() {
        assertThatThrownBy(() -> new GrantScope("", "", "", "", "dear", "", "", List.of(), List.of()))
                .hasMessageContaining("agent");
        assertThatThrownBy(() -> new GrantScope("coder", "", "", "", "dear", "", "", List.of(), List.of("/srv")))
                .hasMessageContaining("tool is missing");
    }
}
