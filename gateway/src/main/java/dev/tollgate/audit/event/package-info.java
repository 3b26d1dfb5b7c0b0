/**
 * Records of the journal in the forms that collectors of security events take. Pure functions of a record but for {@link
 * dev.tollgate.audit.event.OcsfEvents}, which remembers who made the calls that are open; each used by one thread at a time. What is told is
 * what the record holds: no prompt text, no matched text, no credential.
 */
@CheckReturnValue
@NullMarked
package dev.tollgate.audit.event;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
