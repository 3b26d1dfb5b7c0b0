package dev.tollgate.policy;

/**
 * Turns a bundle into the form in which one domain uses it: conditions compiled, rules loaded, routes resolved. Runs off the event
 * loop, once per load. A bundle that any compiler refuses does not come into force.
 *
 * @param <T> the view, immutable and safe on any thread
 */
public interface ViewCompiler<T> {
    Class<T> type();

    /**
     * @throws PolicyException naming the YAML path and the value that does not work
     */
    T compile(Bundle bundle) throws PolicyException;
}
