package dev.tollgate.value;

import java.util.List;

/**
 * Somebody, or a program of theirs, who acts on the people's side: in the console, through its API or by a command.
 *
 * @param name stable and unique, as it stands in records: {@code admin}, an e-mail address, {@code token:ci}, {@code cli:root}
 * @param duties what they may do, and for which teams
 */
public record Person(String name, List<Duty> duties) {
    /** Sees what is there. */
    public static final String VIEWER = "viewer";
    /** Sees, and decides held calls. */
    public static final String APPROVER = "approver";
    /** May do everything. */
    public static final String ADMIN = "admin";
    /** Stands for every team. */
    public static final String ALL_TEAMS = "*";

    /**
     * One thing that somebody may do.
     *
     * @param role {@link #VIEWER}, {@link #APPROVER}, {@link #ADMIN}, or a name that the policy's holds ask for, such as {@code security}
     * @param team for whose calls, or {@link #ALL_TEAMS}
     */
    public record Duty(String role, String team) {
        /** Whether it is for a team's calls. */
        public boolean isFor(String wanted) {
            return team.equals(ALL_TEAMS) || team.equals(wanted);
        }
    }

    public Person {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a person needs a name");
        }
        duties = List.copyOf(duties);
    }

    /** Somebody who may do everything for every team. */
    public static Person admin(String name) {
        return new Person(name, List.of(new Duty(ADMIN, ALL_TEAMS)));
    }

    /** Whether they may do everything for every team. */
    public boolean isAdmin() {
        return has(ADMIN, ALL_TEAMS);
    }

    /** Whether they have a role for a team's calls, or for those of all teams. An admin is no member of every other role. */
    public boolean has(String role, String team) {
        for (Duty duty : duties) {
            if (duty.role.equals(role) && duty.isFor(team)) {
                return true;
            }
        }
        return false;
    }

    /** Whether they may see what a team does: any role is enough. */
    public boolean maySee(String team) {
        for (Duty duty : duties) {
            if (duty.isFor(team)) {
                return true;
            }
        }
        return false;
    }

    /** The teams that they may do something for, {@link #ALL_TEAMS} among them where it is all. */
    public List<String> teams() {
        return duties.stream().map(Duty::team).distinct().toList();
    }

    /** Whether they may decide a team's held calls, unless the hold asks for somebody else. */
    public boolean mayDecide(String team) {
        return has(APPROVER, team) || has(ADMIN, team);
    }
}
