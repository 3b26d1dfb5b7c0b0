/** Trains the classifier of package {@code detect} and judges it by sources that it has not seen. */
@CheckReturnValue
@NullMarked
package dev.tollgate.load.classifier;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
