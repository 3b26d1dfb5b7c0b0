package dev.tollgate.budget;

import dev.tollgate.policy.GuardPolicy.Action;

/**
 * Something that the guard has found.
 *
 * @param rule which of its rules, such as {@code guard.repeated_calls}
 * @param action what is to be done
 * @param subject whose doing it is, such as a session; names the leave that a person gives
 * @param message what, which value, which limit
 */
public record Trip(String rule, Action action, String subject, String message) {}
