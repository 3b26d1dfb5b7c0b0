package dev.tollgate.policy;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a value may be, each end written as in YAML; an empty end is open. Kept by {@link Binder}, and told in the schema and the
 * configuration reference.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Range {
    /** The least that is allowed. */
    String min() default "";

    /** What the value must be above; instead of {@link #min}. */
    String above() default "";

    /** The most that is allowed. */
    String max() default "";
}
