package dev.tollgate.pipeline;

/** Tells people outside. Never waits and never fails: who could not be told stands in the log. Safe on any thread. */
@FunctionalInterface
public interface Notifier {
    void tell(Notice notice);
}
