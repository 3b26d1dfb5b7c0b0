package dev.tollgate.exchange;

/**
 * What a stage has searched.
 *
 * @param bytes of text, as they stand in the call
 * @param rules version of the rules that it was searched by; empty where nothing was searched
 */
public record Searched(long bytes, String rules) {
    /** Nothing was. */
    public static final Searched NOTHING = new Searched(0, "");
}
