package dev.tollgate.detect;

import java.util.Locale;

/**
 * Who wrote a text, as far as its place in the request tells. Instructions are the business of some writers and an attack
 * when they come from others, so the same words weigh differently.
 */
public enum Trust {
    /** System and developer prompts: what the operator tells the model is never an attack on the operator. */
    OPERATOR(0.0),
    /** Descriptions and schemas of tools: written by vendors, yet a known place for poison. */
    TOOL_DEFINITION(0.7),
    /** What the model said before; a client may also have written it in the model's name. */
    ASSISTANT(0.5),
    /** The person or program that asks. */
    USER(1.0),
    /** A whole conversation that a program composed, where the marks between the roles have their place. */
    RAW_PROMPT(1.0),
    /** What a tool brought back: data, in which an instruction has no business. */
    TOOL_RESULT(1.3),
    /** Files, pages and other material handed over to be worked on. */
    DOCUMENT(1.3);

    private final double suspicion;

    Trust(double suspicion) {
        this.suspicion = suspicion;
    }

    /** Factor on the weight of an injection finding, 0 (never an attack) to 1.3. */
    double suspicion() {
        return suspicion;
    }

    /** The word for it in rule packs. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
