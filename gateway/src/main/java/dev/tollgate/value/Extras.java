package dev.tollgate.value;

/**
 * What providers bill besides plain tokens, and on which terms.
 *
 * @param searches web searches that the provider made for the model
 * @param fileSearches searches in files stored at the provider
 * @param codeSessions containers in which the provider ran code
 * @param images pictures made, where they are billed by the piece
 * @param seconds sound heard or made, where it is billed by the second, begun seconds whole
 * @param characters text spoken, where it is billed by the character
 * @param audioCached of {@link Usage#cacheRead}: those that were sound
 * @param imageCached of {@link Usage#cacheRead}: those that were pictures
 * @param tier the terms
 */
public record Extras(
        long searches,
        long fileSearches,
        long codeSessions,
        long images,
        long seconds,
        long characters,
        long audioCached,
        long imageCached,
        ServiceTier tier) {
    public static final Extras NONE = new Extras(0, 0, 0, 0, 0, 0, 0, 0, ServiceTier.STANDARD);

    public Extras {
        if ((searches | fileSearches | codeSessions | images | seconds | characters | audioCached | imageCached) < 0) {
            throw new IllegalArgumentException("a count is negative");
        }
    }

    /** Tokens of the cache that were no text. */
    public static Extras cached(long audio, long image) {
        return (audio | image) == 0 ? NONE : new Extras(0, 0, 0, 0, 0, 0, audio, image, ServiceTier.STANDARD);
    }

    /** So many seconds of sound, nothing else. */
    public static Extras ofSeconds(long seconds) {
        return new Extras(0, 0, 0, 0, seconds, 0, 0, 0, ServiceTier.STANDARD);
    }

    /** These terms, and the same counts. */
    public Extras on(ServiceTier terms) {
        return terms == tier
                ? this
                : new Extras(
                        searches,
                        fileSearches,
                        codeSessions,
                        images,
                        seconds,
                        characters,
                        audioCached,
                        imageCached,
                        terms);
    }

    /** Both as one, where a reply tells them in several places: the larger of each count, and terms that are not the usual ones. */
    public Extras and(Extras other) {
        if (other.equals(NONE) || equals(other)) {
            return this;
        }
        if (equals(NONE)) {
            return other;
        }
        return new Extras(
                Math.max(searches, other.searches),
                Math.max(fileSearches, other.fileSearches),
                Math.max(codeSessions, other.codeSessions),
                Math.max(images, other.images),
                Math.max(seconds, other.seconds),
                Math.max(characters, other.characters),
                Math.max(audioCached, other.audioCached),
                Math.max(imageCached, other.imageCached),
                other.tier == ServiceTier.STANDARD ? tier : other.tier);
    }
}
