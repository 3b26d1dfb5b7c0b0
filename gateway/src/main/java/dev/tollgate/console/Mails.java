package dev.tollgate.console;

import dev.tollgate.pipeline.Notice;
import dev.tollgate.pipeline.Notifier;
import dev.tollgate.policy.EmailPolicy;
import dev.tollgate.policy.NotifyPolicy;
import dev.tollgate.policy.PolicySource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people by e-mail, each in a message of their own, through the SMTP server of the policy in force. Works on worker threads. A server
 * that fails is tried again with growing pauses, then given up with a line in the log.
 */
public final class Mails implements Notifier {
    /** Most messages under way or waiting to be tried again. */
    static final int MAX_WAITING = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Mails.class);
    private static final String TIMEOUT_MILLIS = "10000";
    private static final int MAX_SUBJECT = 120;

    private final Vertx vertx;
    private final PolicySource policies;
    private final Webhooks.Pauses pauses;
    private final AtomicInteger waiting = new AtomicInteger();

    public Mails(Vertx vertx, PolicySource policies, Webhooks.Pauses pauses) {
        this.vertx = vertx;
        this.policies = policies;
        this.pauses = pauses;
    }

    @Override
    public void tell(Notice notice) {
        deliver(notice).onFailure(impossible -> LOG.error("e-mail failed", impossible));
    }

    @Override
    public Future<Void> deliver(Notice notice) {
        NotifyPolicy policy = policies.current().bundle().notifications();
        EmailPolicy email = policy.email();
        if (email == null || !email.wants(notice.event())) {
            return Future.succeededFuture();
        }
        List<Future<Void>> deliveries = new ArrayList<>();
        for (String recipient : email.to()) {
            deliveries.add(deliver(email, recipient, notice));
        }
        return Future.join(deliveries).mapEmpty();
    }

    /** Done when it is told or given up. */
    private Future<Void> deliver(EmailPolicy email, String recipient, Notice notice) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            LOG.warn("nobody was told of {} by e-mail: {} messages wait already", notice.subject(), MAX_WAITING);
            return Future.succeededFuture();
        }
        Promise<Void> over = Promise.promise();
        attempt(email, recipient, notice, 1, over);
        return over.future();
    }

    private void attempt(EmailPolicy email, String recipient, Notice notice, int number, Promise<Void> over) {
        vertx.executeBlocking(() -> send(email, recipient, notice), false).onComplete(sent -> {
            if (sent.succeeded()) {
                waiting.decrementAndGet();
                over.complete();
            } else if (number < pauses.attempts()) {
                long unused = vertx.setTimer(
                        pauses.millisAfter(number), ignored -> attempt(email, recipient, notice, number + 1, over));
            } else {
                waiting.decrementAndGet();
                // Without what the server says: it may repeat what it was sent.
                LOG.warn(
                        "nobody was told of {} by e-mail in {} attempts: {}",
                        notice.subject(),
                        number,
                        sent.cause().getClass().getSimpleName());
                over.complete();
            }
        });
    }

    private static Object send(EmailPolicy email, String recipient, Notice notice) throws MessagingException {
        MimeMessage message = new MimeMessage(session(email));
        message.setFrom(new InternetAddress(email.from()));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        message.setSubject(subject(notice), StandardCharsets.UTF_8.name());
        String link = notice.link("mail:" + recipient);
        message.setText(notice.text() + (link.isEmpty() ? "\n" : "\n\n" + link + "\n"), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(notice.at()));
        Transport.send(message);
        return true;
    }

    private static String subject(Notice notice) {
        String line = notice.text().lines().findFirst().orElse("");
        return "[Tollgate] " + (line.length() <= MAX_SUBJECT ? line : line.substring(0, MAX_SUBJECT) + "…");
    }

    private static Session session(EmailPolicy email) {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", email.host());
        properties.put("mail.smtp.port", Integer.toString(email.port()));
        for (String timeout : List.of("connectiontimeout", "timeout", "writetimeout")) {
            properties.put("mail.smtp." + timeout, TIMEOUT_MILLIS);
        }
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        switch (email.tls()) {
            case NONE -> {}
            // Without "required" somebody between could make it go in clear.
            case STARTTLS -> {
                properties.put("mail.smtp.starttls.enable", "true");
                properties.put("mail.smtp.starttls.required", "true");
            }
            case TLS -> properties.put("mail.smtp.ssl.enable", "true");
        }
        String user = email.user();
        String password = email.password();
        if (user == null || password == null) {
            return Session.getInstance(properties);
        }
        properties.put("mail.smtp.auth", "true");
        return Session.getInstance(properties, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(user, password);
            }
        });
    }
}
