package dev.tollgate.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.store.mongo.TestMongo;
import dev.tollgate.store.redis.RedisProcess;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call that one node holds, decided at another: they share MongoDB and Redis. */
final class TwoNodesBrowserTest {
    private static final String POLICY = """
            store: {redis: "REDIS", mongo: "MONGO", mongo_database: "DATABASE"}
            approval:
              quiet: 10m
              patience: 10m
              holds:
                - {id: reviewed, when: agent == 'carter', reason: this agent is reviewed, deadline: 10m}
            """;

    @TempDir
    private Path folder;

    @TempDir
    private Path other;

    private static String policy(RedisProcess redis, TestMongo mongo) {
        return POLICY.replace("REDIS", redis.uri())
                .replace("MONGO", mongo.uri())
                .replace("DATABASE", mongo.database());
    }

    @Test
    void ticket_heldAtOneNode_arrivesByItself_andIsApprovedAtTheOther_byWhoSignedInAtTheFirst() throws Exception {
        Chromium.require();
        try (TestMongo mongo = new TestMongo();
                RedisProcess redis = new RedisProcess();
                House first = House.open(folder, policy(redis, mongo));
                House second = first.beside(other);
                Visit visit = first.admin("/approvals").trusting(second.console())) {
            String key = first.keyOf("carter", "platform");
            visit.page().navigate(second.console() + "/approvals");
            visit.find(".empty").waitFor();
            assertThat(visit.find("h1")).hasText("Approvals");

            CompletableFuture<HttpResponse<String>> call = first.asking(key, "May the salt cart pass?");
            first.awaitWaiting(1);
            visit.find(".ticket").waitFor();
            assertThat(visit.find(".ticket")).containsText("May the salt cart pass?");
            visit.look("two-nodes");
            visit.page().keyboard().press("j");
            visit.page().keyboard().press("a");

            visit.find(".notice.good").waitFor();
            assertThat(visit.find(".notice.good")).containsText("Approved: carter");
            assertThat(call.join().statusCode()).isEqualTo(200);
            assertThat(call.join().body()).contains("You said: May the salt cart pass?");
        }
    }
}
