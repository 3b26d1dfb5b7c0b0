package dev.tollgate.audit.event;

/** What an event of {@link OcsfEvents} is: its class and activity in the schema, version 1.3. */
enum OcsfKind {
    CALL(6, 3, 1, "API Activity: Create"),
    CALL_END(6, 3, 99, "API Activity: End"),
    START(6, 2, 3, "Application Lifecycle: Start"),
    LOGON(3, 2, 1, "Authentication: Logon"),
    LOGOFF(3, 2, 2, "Authentication: Logoff"),
    CREATE(3, 4, 1, "Entity Management: Create"),
    READ(3, 4, 2, "Entity Management: Read"),
    UPDATE(3, 4, 3, "Entity Management: Update"),
    DELETE(3, 4, 4, "Entity Management: Delete");

    private static final int ENTITY_MANAGEMENT = 3004;

    private final int category;
    private final int uid;
    private final int activity;
    private final String typeName;

    OcsfKind(int category, int inCategory, int activity, String typeName) {
        this.category = category;
        this.uid = category * 1000 + inCategory;
        this.activity = activity;
        this.typeName = typeName;
    }

    /** The category of the class. */
    int category() {
        return category;
    }

    /** The class. */
    int uid() {
        return uid;
    }

    int activity() {
        return activity;
    }

    /** Class and activity in words. */
    String typeName() {
        return typeName;
    }

    /** Whether the class has a place for who did it only by the profile of hosts. */
    boolean namesActor() {
        return uid == ENTITY_MANAGEMENT;
    }

    /** What something is that people or the gateway do. */
    static OcsfKind of(String action) {
        return switch (action) {
            case "chain_started" -> START;
            case "signed_in", "sign_in_refused" -> LOGON;
            case "signed_out" -> LOGOFF;
            case "key_created", "ticket_opened" -> CREATE;
            case "key_revoked", "payload_erased", "journal_dropped" -> DELETE;
            case "payload_revealed", "audit_exported" -> READ;
            default -> UPDATE;
        };
    }
}
