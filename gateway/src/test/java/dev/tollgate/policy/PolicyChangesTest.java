package dev.tollgate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyChangesTest {
    @TempDir
    Path folder;

    @Test
    void bundles_thatSayTheSame_differInNothing() throws Exception {
        Bundle one = load("budget: {request_cap: 1}");

        assertThat(PolicyChanges.between(one, load("budget: {request_cap: 1.0}")))
                .isEmpty();
    }

    @Test
    void changes_areNamedByTheirPlaces_entriesByTheirIds() throws Exception {
        Bundle before = load("budget: {budgets: [{id: a, limit: 1}, {id: b, limit: 2}]}");
        Bundle after = load("budget: {request_cap: 5, budgets: [{id: b, limit: 3}, {id: a, limit: 1}]}");

        assertThat(PolicyChanges.between(before, after))
                .contains("budget.budgets[b].limit: 2 → 3")
                .anyMatch(line -> line.startsWith("budget.request_cap: "))
                .hasSize(2);
    }

    @Test
    void entries_thatComeAndGo_areTold() throws Exception {
        List<String> changes = PolicyChanges.between(
                load("budget: {budgets: [{id: a, limit: 1}]}"), load("budget: {budgets: [{id: c, limit: 1}]}"));

        assertThat(changes).contains("budget.budgets[a].id: removed, was a", "budget.budgets[c].id: added, c");
    }

    @Test
    void secrets_areOnlySaidToDiffer() throws Exception {
        List<String> changes = PolicyChanges.between(
                load("notifications: {webhooks: [{id: ops, url: 'https://old.example/abc'}]}"),
                load("notifications: {webhooks: [{id: ops, url: 'https://new.example/xyz'}]}"));

        assertThat(changes).containsExactly("notifications.webhooks[ops].url: [secret] → [secret]");
    }

    private Bundle load(String policy) throws Exception {
        Files.writeString(folder.resolve("policy.yaml"), policy);
        return new PolicyLoader(folder, List.of(), name -> null).load().bundle();
    }
}
