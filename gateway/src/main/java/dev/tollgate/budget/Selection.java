package dev.tollgate.budget;

import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Names;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.value.NamePattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which calls count, and which of them together: {@code match} and {@code scope} of an entry, compiled. Immutable. */
final class Selection {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final String ALL = "all";

    private final List<Condition> conditions;
    private final List<Dimension> scope;

    private record Condition(Dimension dimension, NamePattern names) {
        boolean holds(Caller caller, @Nullable String alias, Target target) {
            // A model is known by its provider's name for it, and by that of both.
            return names.matches(dimension.of(caller, alias, target))
                    || (dimension.name().equals(Dimension.MODEL) && names.matches(target.toString()));
        }
    }

    private Selection(List<Condition> conditions, List<Dimension> scope) {
        this.conditions = List.copyOf(conditions);
        this.scope = List.copyOf(scope);
    }

    /**
     * @param path of the entry in the policy
     */
    static Selection of(Map<String, Names> match, Names scope, String path) throws PolicyException {
        List<Condition> conditions = new ArrayList<>();
        for (Map.Entry<String, Names> one : new TreeMap<>(match).entrySet()) {
            String key = path + ".match." + one.getKey();
            if (one.getValue().all().isEmpty()) {
                throw PolicyException.at(key, "is empty; leave it out for all");
            }
            conditions.add(new Condition(
                    dimension(one.getKey(), key), new NamePattern(one.getValue().all())));
        }
        return new Selection(conditions, scope(scope.all(), path + ".scope"));
    }

    private static List<Dimension> scope(List<String> names, String path) throws PolicyException {
        if (names.isEmpty()) {
            throw PolicyException.at(path, "is empty; all is one counter for everything");
        }
        List<Dimension> scope = new ArrayList<>();
        if (!names.equals(List.of(ALL))) {
            for (String name : names) {
                scope.add(dimension(name, path));
            }
        }
        return scope;
    }

    private static Dimension dimension(String name, String path) throws PolicyException {
        return Dimension.named(name)
                .orElseThrow(() -> PolicyException.at(path, '"' + name + "\" is not one of " + Dimension.ALLOWED));
    }

    static void requireId(String id, String path) throws PolicyException {
        if (!ID.matcher(id).matches()) {
            throw PolicyException.at(path, '"' + id + "\" may have letters, digits, _ . - and up to 64 characters");
        }
    }

    boolean matches(Caller caller, @Nullable String alias, Target target) {
        for (Condition condition : conditions) {
            if (!condition.holds(caller, alias, target)) {
                return false;
            }
        }
        return true;
    }

    /** Names of what there is one counter for each of; {@code all} where there is one for everything. */
    String scopeName() {
        return scope.isEmpty() ? ALL : scope.stream().map(Dimension::name).collect(Collectors.joining("+"));
    }

    /** Whether what counts depends on the target that serves. */
    boolean isByTarget() {
        return scope.stream().anyMatch(Dimension::isByTarget)
                || conditions.stream().anyMatch(one -> one.dimension().isByTarget());
    }

    /** Whether there is one counter for everything. */
    boolean isOne() {
        return scope.isEmpty();
    }

    /** A subject for people: {@code team red, no user}. */
    String words(String subject) {
        List<String> values = Subjects.values(subject);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < Math.min(scope.size(), values.size()); i++) {
            String name = scope.get(i).name();
            words.add(values.get(i).isEmpty() ? "no " + name : name + " " + values.get(i));
        }
        return String.join(", ", words);
    }

    /** The same by the names of what there is one counter for each of; a value that a call had none of is left out. */
    Map<String, String> names(String subject) {
        List<String> values = Subjects.values(subject);
        Map<String, String> names = new TreeMap<>();
        for (int i = 0; i < Math.min(scope.size(), values.size()); i++) {
            if (!values.get(i).isEmpty()) {
                names.put(scope.get(i).name(), values.get(i));
            }
        }
        return names;
    }

    /** This selection, of which only those calls count that its scope names so. */
    Selection only(Names names, String path) throws PolicyException {
        if (scope.size() != 1) {
            throw PolicyException.at(path, "goes with a scope of one kind; use match instead");
        }
        List<Condition> more = new ArrayList<>(conditions);
        more.add(new Condition(scope.get(0), new NamePattern(names.all())));
        return new Selection(more, scope);
    }

    /** Refuses a scope that names something twice. */
    void requireNoneTwice(String path) throws PolicyException {
        Set<String> names = new HashSet<>();
        for (Dimension dimension : scope) {
            if (!names.add(dimension.name())) {
                throw PolicyException.at(path, "names " + dimension.name() + " twice");
            }
        }
    }

    /** Whose counter a call counts in; empty where there is one for everything. */
    String subject(Caller caller, @Nullable String alias, Target target) {
        if (scope.isEmpty()) {
            return "";
        }
        if (scope.size() == 1) {
            return Subjects.escape(scope.get(0).of(caller, alias, target));
        }
        StringBuilder subject = new StringBuilder();
        for (Dimension dimension : scope) {
            subject.append(subject.isEmpty() ? "" : "+").append(Subjects.escape(dimension.of(caller, alias, target)));
        }
        return subject.toString();
    }
}
