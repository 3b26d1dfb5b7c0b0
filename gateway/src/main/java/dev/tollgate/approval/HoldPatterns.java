package dev.tollgate.approval;

import com.google.errorprone.annotations.Immutable;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.runtime.CelEvaluationException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** CEL's {@code matches} with patterns compiled once: CEL's own compiles the pattern at each call, which costs ten times the search. */
@Immutable
final class HoldPatterns {
    /** Most patterns kept. Conditions hold few; one that makes its patterns from a call's values does not fill the memory. */
    private static final int MAX_KEPT = 256;

    @SuppressWarnings("Immutable") // A memory of answers that never change.
    private final Map<String, Pattern> kept = new ConcurrentHashMap<>();

    private final int maxProgram;

    /**
     * @param maxProgram largest compiled pattern, in RE2 instructions
     */
    HoldPatterns(int maxProgram) {
        this.maxProgram = maxProgram;
    }

    /** Whether the pattern is found anywhere in the text (CEL specification, {@code matches}). */
    boolean isFound(String text, String pattern) throws CelEvaluationException {
        Pattern compiled = kept.get(pattern);
        if (compiled == null) {
            compiled = compile(pattern);
            if (kept.size() < MAX_KEPT) {
                kept.put(pattern, compiled);
            }
        }
        return compiled.matcher(text).find();
    }

    private Pattern compile(String pattern) throws CelEvaluationException {
        try {
            Pattern compiled = Pattern.compile(pattern);
            if (compiled.programSize() > maxProgram) {
                throw new CelEvaluationException(
                        "a pattern needs " + compiled.programSize() + " steps, allowed are " + maxProgram);
            }
            return compiled;
        } catch (PatternSyntaxException invalid) {
            throw new CelEvaluationException("not a pattern (RE2): " + invalid.getDescription(), invalid);
        }
    }
}
