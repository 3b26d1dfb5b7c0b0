package dev.tollgate.exchange;

/**
 * Something in a call that the policy wants a person to look at before it is sent.
 *
 * @param rule id of the rule that found it
 * @param reason one sentence for the reviewer; never matched text
 */
public record Asking(String rule, String reason) {}
