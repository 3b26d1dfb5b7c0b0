package dev.tollgate.exchange;

/**
 * A request body as it arrived.
 *
 * @param original the bytes on the wire, content coding still on
 * @param coding the content coding, lower case; empty for none
 * @param limits what decoding may cost
 */
@SuppressWarnings("ArrayRecordComponent") // Bodies are megabytes: shared, not copied, and never written to.
public record Body(byte[] original, String coding, CodingLimits limits) {
    /**
     * @param maxBytes most decoded bytes
     * @param maxRatio most decoded bytes per coded byte
     */
    public record CodingLimits(int maxBytes, int maxRatio) {}

    public static final Body EMPTY = new Body(new byte[0], "", new CodingLimits(0, 1));

    public boolean isCoded() {
        return !coding.isEmpty();
    }

    /**
     * The bytes with the content coding undone.
     *
     * @throws BodySource.BodyRefused if the coding is unknown or broken, or a limit is passed
     */
    public byte[] decoded() {
        return isCoded() ? ContentCoding.decode(original, coding, limits) : original;
    }

    @Override
    public String toString() {
        return "Body[" + original.length + " bytes " + coding + ", redacted]";
    }
}
