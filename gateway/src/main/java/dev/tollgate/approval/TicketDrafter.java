package dev.tollgate.approval;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.ReviewPolicy;
import dev.tollgate.policy.ToolsPolicy.ToolRule;
import dev.tollgate.value.Sha256;
import dev.tollgate.value.TicketId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the ticket of a call that is to be held. Safe on any thread. */
public final class TicketDrafter {
    /** Crockford's base 32: no letter that is taken for a digit when somebody reads a ticket's number aloud. */
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final int ID_DIGITS = 10;
    private static final int KEY_BYTES = 32;

    private final SecureRandom random;
    private final InstantSource clock;

    public TicketDrafter(SecureRandom random, InstantSource clock) {
        this.random = random;
        this.clock = clock;
    }

    /**
     * A pending ticket, not opened yet.
     *
     * @param held a call that was identified, read and routed
     * @param rule id of the condition that holds it
     * @param reason what the reviewer reads
     * @param wait how long it may wait for a decision
     * @param subject whose calls share the ticket; null where it is for this call alone
     * @param review who decides
     */
    public Ticket draft(
            Exchange held, String rule, String reason, Duration wait, @Nullable String subject, ReviewPolicy review) {
        // Every store keeps milliseconds.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new Ticket(
                new TicketId(id("A", random)),
                subject == null ? Fingerprint.of(held, rule) : Fingerprint.ofSubject(rule, subject),
                held.id(),
                held.caller().key().value(),
                held.caller().agent().value(),
                held.caller().team().value(),
                held.caller().session().map(Object::toString).orElse(""),
                held.route().targets().stream().map(Target::toString).collect(Collectors.joining(", ")),
                rule,
                reason,
                NewTurn.of(held),
                held.estimate(),
                now,
                now.plus(wait),
                Ticket.State.PENDING,
                null,
                null,
                null,
                TicketDetails.NONE
                        .with(Reviewers.terms(review, held.policy().bundle().approval(), held.caller()))
                        .with(new Link(key(), List.of()))
                        .with(Risk.of(held))
                        .sharedBy(subject == null ? Fingerprint.ofAnySession(held, rule) : "")
                        .with(
                                subject == null
                                        ? held.policy().view(Companions.class).turn(held, rule)
                                        : Turn.NONE)
                        // What several calls wait for is none of them.
                        .with(subject == null ? NewTurn.passages(held) : List.of())
                        .showing(subject == null ? LastCalls.of(held) : List.of()));
    }

    /**
     * A pending ticket for a call of a tool in a reply. The same call in another reply of the session joins it.
     *
     * @param ruling the rule that keeps it back
     * @param shown its arguments, redacted
     * @param arguments as the model wrote them
     */
    public Ticket draftToolCall(Exchange held, ToolRules.Ruling ruling, String tool, String shown, String arguments) {
        ToolRule rule = Objects.requireNonNull(ruling.entry(), "only a rule keeps calls back");
        String session = held.caller().session().map(Object::toString).orElse("");
        String key = held.caller().key().value();
        String hash = Sha256.hexOf(arguments.getBytes(StandardCharsets.UTF_8));
        String subject = String.join("\n", key, session, tool, hash);
        Ticket ticket = draft(held, rule.id(), rule.reason(), rule.deadline(), subject, rule.review());
        // Secrets would be kept with the ticket.
        Wish wish = shown.equals(arguments) ? Wish.of(tool, ToolArguments.of(arguments)) : Wish.unknown(tool);
        return ticket.withSummary(NewTurn.cut("wants to call " + tool + ": " + shown, NewTurn.MAX_LENGTH))
                .with(ticket.details()
                        .with(wish)
                        // In another conversation, it would be another thing to agree to.
                        .sharedBy(Fingerprint.ofAnySession(held, String.join("\n", rule.id(), tool, hash)))
                        .with(passages(tool, shown, arguments))
                        .showing(List.of(ShownCall.of(tool, shown))));
    }

    /** A ticket for the same call, not opened yet, where another has used the one that both waited for. */
    public Ticket again(Ticket draft) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Duration wait = Duration.between(draft.createdAt(), draft.deadline());
        return new Ticket(
                new TicketId(id("A", random)),
                draft.fingerprint(),
                draft.exchange(),
                draft.key(),
                draft.agent(),
                draft.team(),
                draft.session(),
                draft.model(),
                draft.rule(),
                draft.reason(),
                draft.summary(),
                draft.estimate(),
                now,
                now.plus(wait),
                Ticket.State.PENDING,
                null,
                null,
                null,
                draft.details().with(new Link(key(), List.of())));
    }

    /** What is not seen whole cannot be changed. */
    private static List<Passage> passages(String tool, String shown, String arguments) {
        boolean isWhole = shown.equals(arguments) && !arguments.isBlank() && arguments.length() <= Passage.MAX_LENGTH;
        return isWhole ? List.of(new Passage(Passage.ARGUMENTS, tool, arguments)) : List.of();
    }

    private String key() {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return HexFormat.of().formatHex(key);
    }

    /** A name that can be read aloud. */
    static String id(String prefix, SecureRandom random) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < ID_DIGITS; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }
}
