/**
 * Finds secrets, personal data and injection in texts by rules.
 *
 * <p>Pure logic: no I/O but reading rule packs once. Everything here is immutable and may be used by any number of threads,
 * save {@link dev.tollgate.detect.Redactor}, which belongs to one exchange.
 *
 * <p>How a text is searched: one pass of a sieve over all rules' literals and digit groups ({@code KeywordSieve}) says which rules may match
 * where; a cheap look at the characters around the hit and an automaton of the expression's shape ({@code Gate}) turn most of those away; only
 * then the rule's bounded expression runs, anchored at the hit. What hides behind escapes, invisible characters or encodings is searched again as
 * a {@code View} whose spans map back to the text that was given.
 *
 * <p>Limits: each scan has a work budget, counted in characters read ({@code Work}), that grows linearly with the text. A
 * text that exceeds it yields the finding {@link dev.tollgate.detect.Finding#WORK_LIMIT}: closed, never "nothing found".
 *
 * <p>Cost: a scan takes time in proportion to the text (large ones belong off the event loop); {@link
 * dev.tollgate.detect.VerdictCache} remembers findings by content, so that resent history is not searched again. Findings hold
 * positions, never matched text.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.detect;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
