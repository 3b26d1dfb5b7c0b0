/** Measurements: benchmarks, load, and comparisons with recorded exchanges. Nothing here ships. */
@NullMarked
package dev.tollgate.load;

import org.jspecify.annotations.NullMarked;
