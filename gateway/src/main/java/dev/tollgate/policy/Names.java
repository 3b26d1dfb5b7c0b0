package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.List;

/**
 * One name or a list of names: {@code red} says the same as {@code [red]}.
 *
 * @param all the names
 */
public record Names(List<String> all) {
    public static final Names NONE = new Names(List.of());

    public Names {
        all = List.copyOf(or(all, List.of()));
    }

    public static Names of(String... names) {
        return new Names(List.of(names));
    }

    @Override
    public String toString() {
        return all.size() == 1 ? all.get(0) : all.toString();
    }
}
