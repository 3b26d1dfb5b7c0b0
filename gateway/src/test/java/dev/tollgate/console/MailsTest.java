package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.tollgate.pipeline.Notice;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.NotifyPolicy.Event;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import io.vertx.core.Vertx;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E-mail through a real SMTP server. */
class MailsTest {
    private static final Notice NOTICE = new Notice(
                    Event.APPROVAL,
                    Instant.parse("2026-05-04T10:00:00Z"),
                    "A1",
                    "ci wants a call to openai/gpt-4o: dear. Ticket A1 waits",
                    Map.of("ticket", "A1"))
            .withLinks(recipient -> "https://console.test/approvals/open/for-" + recipient);

    private final Vertx vertx = Vertx.vertx();
    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private Mails mails(String events, int port) throws Exception {
        Files.writeString(folder.resolve("notify.yaml"), """
                notifications:
                  email: {host: 127.0.0.1, port: %d, tls: none, from: tollgate@example.com, to: [ann@example.com, bob@example.com], events: [%s]}
                """.formatted(port, events));
        PolicySource policies = PolicySource.start(
                new PolicyLoader(folder, List.of(), Environment.SYSTEM), List.of(), InstantSource.system());
        return new Mails(vertx, policies, new Webhooks.Pauses(Duration.ofMillis(1), 2));
    }

    @Test
    void notice_isMailedToEachByThemselves_withALinkOfTheirOwn() throws Exception {
        mails("approval", server.getSmtp().getPort()).deliver(NOTICE).await(20, TimeUnit.SECONDS);

        MimeMessage[] received = server.getReceivedMessages();
        assertThat(received).hasSize(2);
        List<String> bodies = Arrays.stream(received)
                .map(message -> {
                    try {
                        assertThat(message.getAllRecipients()).hasSize(1);
                        assertThat(message.getSubject()).startsWith("[Tollgate] ci wants a call to openai/gpt-4o");
                        assertThat(message.getFrom()[0]).hasToString("tollgate@example.com");
                        return message.getAllRecipients()[0] + " " + message.getContent();
                    } catch (Exception unreadable) { // any fault of the library fails the test
                        throw new AssertionError(unreadable);
                    }
                })
                .toList();
        assertThat(bodies)
                .anySatisfy(body -> assertThat(body).startsWith("ann").contains("open/for-mail:ann@example.com"))
                .anySatisfy(body -> assertThat(body).startsWith("bob").contains("open/for-mail:bob@example.com"));
    }

    @Test
    void notice_ofAnotherKind_isNotMailed() throws Exception {
        mails("budget", server.getSmtp().getPort()).deliver(NOTICE).await(20, TimeUnit.SECONDS);

        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void serverAway_isGivenUpAfterSoManyAttempts() throws Exception {
        int port = server.getSmtp().getPort();
        server.stop();

        mails("", port).deliver(NOTICE).await(20, TimeUnit.SECONDS);
    }
}
