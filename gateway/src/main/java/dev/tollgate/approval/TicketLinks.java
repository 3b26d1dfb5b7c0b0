package dev.tollgate.approval;

import dev.tollgate.value.TicketId;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Links that lead people to a ticket: signed with a key of the ticket's own, for one recipient, until its deadline, for one use. A link only
 * shows where the ticket is: who follows it signs in, and may do what they may do.
 */
public final class TicketLinks {
    /** Longest link that is looked at, in characters. */
    private static final int MAX_TOKEN = 1_000;

    private TicketLinks() {}

    /** What a link says: {@code ticket, recipient, signature}, in base64. */
    public static String token(Ticket ticket, String recipient) {
        String said = ticket.id() + "\n" + recipient;
        String signed = said + "\n" + signed(ticket, recipient);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signed.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A link, taken apart, its signature not looked at yet.
     *
     * @param recipient for whom it was made
     */
    public record Followed(TicketId ticket, String recipient, String signature) {
        @Override
        public String toString() {
            return "Followed[" + ticket + ", redacted]";
        }

        /** Whether it is a link of this ticket that may be followed now. */
        public boolean isGood(Ticket found, Instant now) {
            return MessageDigest.isEqual(
                            signed(found, recipient).getBytes(StandardCharsets.US_ASCII),
                            signature.getBytes(StandardCharsets.US_ASCII))
                    && !found.details().link().key().isEmpty()
                    && !found.details().link().used().contains(recipient)
                    && now.isBefore(found.createdAt().plus(Link.LASTS))
                    && found.standsAt(now);
        }
    }

    /** Takes a link apart; empty where it is none. */
    public static Optional<Followed> follow(String token) {
        if (token.length() > MAX_TOKEN) {
            return Optional.empty();
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split("\n", -1);
            return parts.length == 3
                    ? Optional.of(new Followed(new TicketId(parts[0]), parts[1], parts[2]))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static String signed(Ticket ticket, String recipient) {
        String key = ticket.details().link().key();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(
                    ("tollgate-ticket-link " + key).getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return HexFormat.of()
                    .formatHex(mac.doFinal((ticket.id() + "\n" + ticket.createdAt() + "\n" + recipient)
                            .getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", impossible);
        }
    }
}
