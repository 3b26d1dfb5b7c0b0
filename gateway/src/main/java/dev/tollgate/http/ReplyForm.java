package dev.tollgate.http;

/** What has been promised to a client so far. */
enum ReplyForm {
    /** Nothing: status and headers are free. */
    OPEN,
    /** A server-sent stream has begun. */
    STREAM,
    /** A stream of Amazon's binary events has begun. */
    MESSAGES,
    /** A stream in the form of one JSON array has begun. */
    ARRAY,
    /** A document has begun. */
    DOCUMENT
}
