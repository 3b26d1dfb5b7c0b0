package dev.tollgate.value;

/**
 * A limit of one kind on how fast calls may come.
 *
 * @param id of its entry in the policy
 * @param metric what is counted
 * @param shape how it is counted
 * @param most how much in a period, or at once
 * @param perMillis length of the period; 0 for slots
 * @param capacity how much at once: of a bucket its size, else {@code most}
 * @param isEnforced whether a call that does not fit is refused, or only recorded
 */
public record RateLimit(
        String id, Metric metric, Shape shape, long most, long perMillis, long capacity, boolean isEnforced) {
    /** What is counted. */
    public enum Metric {
        REQUESTS("requests"),
        TOKENS("tokens"),
        INPUT_TOKENS("input tokens"),
        OUTPUT_TOKENS("output tokens"),
        CONCURRENCY("calls at once"),
        /** Nano-dollars, of the guard: never refused here. */
        SPEND("nano-dollars"),
        /** A person's leave to go on, of the guard. */
        LEAVE("leaves");

        private final String words;

        Metric(String words) {
            this.words = words;
        }

        /** As people read it. */
        public String words() {
            return words;
        }
    }

    /** How it is counted. */
    public enum Shape {
        /** What is taken comes back steadily, up to the size of the bucket. */
        BUCKET,
        /** What is taken comes back at the end of the period, all at once. Periods begin at whole multiples of their length. */
        WINDOW,
        /** What is taken comes back when the call ends. */
        SLOTS
    }

    /** How long an empty bucket takes to fill, or a window lasts. */
    public long refillMillis() {
        return shape == Shape.BUCKET ? (long) Math.ceil((double) capacity / most * perMillis) : perMillis;
    }
}
