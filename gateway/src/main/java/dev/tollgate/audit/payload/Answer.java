package dev.tollgate.audit.payload;

/** What a store answers who asks for a payload. */
public sealed interface Answer {
    /** It is there. */
    record Kept(StoredPayload payload) implements Answer {}

    /** It was there, and was erased. */
    record Erased(PayloadShelf.Erased word) implements Answer {}

    /** It was never kept, or is older than payloads are kept. */
    record Missing() implements Answer {}
}
