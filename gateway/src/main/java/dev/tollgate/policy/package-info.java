/**
 * What the operator decided: records bound to the YAML of a policy bundle, and the snapshot in force. A snapshot is immutable and pinned by
 * each exchange at its start; loading replaces it whole or not at all. Defaults stand in the compact constructors, nowhere else.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.policy;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
