package dev.tollgate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Labels;
import dev.tollgate.identity.LabelNames.TagsRefused;
import dev.tollgate.policy.IdentityPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class LabelNamesTest {
    @Test
    void headers_withoutLabels_sayNothing() throws Exception {
        assertThat(read("accept", "*/*", "x-stainless-lang", "js", "session-id", "s", "thread-id", "s"))
                .isSameAs(Labels.NONE);
    }

    @Test
    void ownHeaders_always_comeFirst() throws Exception {
        Labels labels =
                read("X-Tollgate-User", " ann ", "X-Tollgate-Sub-Agent", "a/b/c", "x-claude-code-agent-id", "z");

        assertThat(labels).isEqualTo(new Labels("ann", new TreeMap<>(), "a/b/c", "a/b", 3));
    }

    @Test
    void claudeCode_helper_isNamedWithItsParent() throws Exception {
        assertThat(read("x-claude-code-agent-id", "a")).isEqualTo(helper("a", "", 1));
        assertThat(read("x-claude-code-agent-id", "b", "x-claude-code-parent-agent-id", "a"))
                .isEqualTo(helper("b", "a", 2));
    }

    @Test
    void baggageOfATrace_namesTheHelper_behindWhatClientsSay() throws Exception {
        assertThat(read("baggage", "gen_ai.agent.id=7,gen_ai.agent.name=planner%2Fsearcher"))
                .isEqualTo(helper("planner/searcher", "planner", 2));
        assertThat(read("baggage", "gen_ai.agent.id=7")).isEqualTo(helper("7", "", 1));
        assertThat(read("baggage", "gen_ai.agent.name=x", "x-claude-code-agent-id", "a"))
                .isEqualTo(helper("a", "", 1));
        assertThat(read("baggage", "user=ann")).isSameAs(Labels.NONE);
    }

    @Test
    void codex_thread_isAHelperWhereAnotherStartedIt() throws Exception {
        assertThat(read(
                        "session-id",
                        "root",
                        "thread-id",
                        "child",
                        "x-codex-parent-thread-id",
                        "root",
                        "x-openai-subagent",
                        "collab_spawn"))
                .isEqualTo(helper("child", "", 1));
        assertThat(read("session-id", "root", "thread-id", "grandchild", "x-codex-parent-thread-id", "child"))
                .isEqualTo(helper("grandchild", "child", 2));
        assertThat(read("session-id", "root", "thread-id", "root", "x-openai-subagent", "compact"))
                .isEqualTo(helper("compact", "", 1));
        assertThat(read("x-codex-turn-metadata", """
                        {"session_id":"root","thread_id":"child","parent_thread_id":"root","subagent_kind":"review"}""")).isEqualTo(helper("child", "", 1));
        assertThat(read("x-codex-turn-metadata", "{\"parent_thread_id\": broken"))
                .isSameAs(Labels.NONE);
    }

    @Test
    void openCode_sessionWithAParent_isAHelper() throws Exception {
        assertThat(read("x-session-id", "two", "x-parent-session-id", "one")).isEqualTo(helper("two", "", 1));
        assertThat(read("x-session-id", "two")).isSameAs(Labels.NONE);
    }

    @Test
    void tags_read_areSortedAndBounded() throws Exception {
        assertThat(read("x-tollgate-tags", " b = 2 ,a=1,, ", "X-Tollgate-Tags", "a=1,c=x=y")
                        .tags())
                .containsExactly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", "x=y"));
        for (String bad :
                List.of("a", "=1", "a=", "a b=1", "a=1,a=2", "a=é", "a".repeat(65) + "=1", "a=" + "1".repeat(129))) {
            assertThatThrownBy(() -> read("x-tollgate-tags", bad))
                    .isInstanceOf(TagsRefused.class)
                    .hasMessageContaining("X-Tollgate-Tags");
        }
    }

    @Test
    void tags_fromOtherHeaders_areCutInsteadOfRefused() throws Exception {
        IdentityPolicy policy =
                new IdentityPolicy(true, Duration.ZERO, List.of("x-user"), Map.of("center", "X-Cost-Center"));

        Labels labels = LabelNames.fromHeaders(
                Headers.of("x-cost-center", "R and D " + "x".repeat(200), "X-User", "bob"), policy);

        assertThat(labels.user()).isEqualTo("bob");
        assertThat(labels.tag("center")).startsWith("R and D xx").contains("~").hasSize(161);
        assertThat(labels.tag("other")).isEmpty();
    }

    @Test
    void userInContent_ofClaudeCode_isItsAccount() {
        assertThat(LabelNames.userInContent("customer-7")).isEqualTo("customer-7");
        assertThat(LabelNames.userInContent("user_0f_account_a-1_session_s-1")).isEqualTo("a-1");
        assertThat(LabelNames.userInContent("user_0f_account__session_s-1")).isEqualTo("user_0f");
        assertThat(LabelNames.userInContent("{\"device_id\":\"d\",\"account_uuid\":\"a\",\"session_id\":\"s\"}"))
                .isEqualTo("a");
        assertThat(LabelNames.userInContent("{\"device_id\":\"d\",\"account_uuid\":\"\"}"))
                .isEqualTo("d");
        assertThat(LabelNames.userInContent(null)).isEmpty();
    }

    private static Labels read(String... headers) throws TagsRefused {
        return LabelNames.fromHeaders(Headers.of(headers), IdentityPolicy.DEFAULT);
    }

    private static Labels helper(String name, String parent, int depth) {
        return new Labels("", new TreeMap<>(), name, parent, depth);
    }
}
