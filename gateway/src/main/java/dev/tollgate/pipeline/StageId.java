package dev.tollgate.pipeline;

import java.util.Locale;

/** The stages, in the order of the request path. */
public enum StageId {
    IDENTIFY,
    READ,
    ROUTE,
    LIMIT,
    BUDGET,
    SCAN,
    DETECT,
    TOOLS,
    APPROVE;

    private final String id = name().toLowerCase(Locale.ROOT);

    /** As written in records and policies. */
    public String id() {
        return id;
    }
}
