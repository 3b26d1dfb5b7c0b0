package dev.tollgate.detect;

import java.util.Set;

/**
 * One rule of a pack, ready to run.
 *
 * @param id          stable name, lower_snake_case, unique over all packs
 * @param title       what it finds, for people
 * @param family      group within the kind
 * @param severity    how bad a true finding is
 * @param weight      how surely a match is what the rule looks for, 0 to 1
 * @param specific    false for catch-all rules, which give way to others on the same text
 * @param placeholder what a redacted match is called, in upper case: {@code EMAIL} becomes {@code [EMAIL_kxqhwtzr]}
 * @param writers     whose texts the rule judges
 */
record Rule(
        String id,
        String title,
        Kind kind,
        String family,
        Severity severity,
        double weight,
        boolean specific,
        String placeholder,
        Set<Trust> writers,
        Trigger trigger,
        Expression expression) {

    Rule {
        writers = Set.copyOf(writers);
    }

    boolean judges(Set<Kind> kinds, Trust writer) {
        return kinds.contains(kind) && writers.contains(writer);
    }

    Finding found(int start, int end) {
        return new Finding(id, kind, family, severity, start, end, weight, specific);
    }
}
