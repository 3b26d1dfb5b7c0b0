package dev.tollgate.audit.payload;

/** Which half of a call. */
public enum Part {
    REQUEST("request", 0),
    REPLY("reply", 1);

    private final String id;
    private final int code;

    Part(String id, int code) {
        this.id = id;
        this.code = code;
    }

    /** For people. */
    public String id() {
        return id;
    }

    /** As stored. */
    public int code() {
        return code;
    }

    public static Part of(int code) {
        return code == REPLY.code ? REPLY : REQUEST;
    }
}
