package dev.tollgate.exchange;

/** Where in a call a text stands, which says who wrote it and so how far it is trusted. */
public enum Place {
    /** System or developer instructions: written by the operator or vendor of the agent. */
    SYSTEM,
    /** Names, descriptions and schemas of tools: written by the operator, or by whoever wrote a tool server. */
    TOOL_DEFINITION,
    /** What a person or the agent's own code asked. */
    USER,
    /** A whole conversation as one string, roles and all, as a program composed it for a completion. */
    RAW_PROMPT,
    /** What the model said in earlier turns. */
    ASSISTANT,
    /** What the model thought in earlier turns. */
    REASONING,
    /** Arguments with which the model called a tool. */
    TOOL_ARGUMENTS,
    /** What a tool answered: pages, files, mails. The least trusted. */
    TOOL_RESULT,
    /** Documents and files that came with a message. As little trusted as a tool result. */
    DOCUMENT,
    /** Labels for bookkeeping. */
    METADATA,
    /** Anything else: scanned like user text. */
    OTHER;

    /** Whether text here may come from strangers: instructions in it are nobody's orders. */
    public boolean isUntrusted() {
        return this == TOOL_RESULT || this == DOCUMENT;
    }
}
