package dev.tollgate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Headers;
import dev.tollgate.identity.Credentials.Shown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CredentialsTest {
    private static final String KEY = "tg_" + "k".repeat(43);
    private static final String OTHER = "tg_" + "o".repeat(43);
    private static final String CLIENTS = "client-credential";

    @ParameterizedTest
    @ValueSource(
            strings = {"X-Tollgate-Key", "X-CM-API-Key", "x-api-key", "X-Goog-Api-Key", "api-key", "AUTHORIZATION"})
    void find_keyInAnySlot_isFound(String header) {
        assertThat(Credentials.find(Headers.of("Host", "x", header, KEY), null))
                .isEqualTo(new Shown.One(new KeySecret(KEY), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER  "})
    void find_bearerInAnySpelling_isFound(String scheme) {
        assertThat(Credentials.find(Headers.of("Authorization", scheme + KEY), null))
                .isEqualTo(new Shown.One(new KeySecret(KEY), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"key=", "alt=sse&key=", "%6bey="})
    void find_keyInQuery_isFound(String before) {
        assertThat(Credentials.find(Headers.NONE, before + KEY + "&x=1"))
                .isEqualTo(new Shown.One(new KeySecret(KEY), false));
    }

    @Test
    void find_percentEncodedKeyInQuery_isFound() {
        assertThat(Credentials.find(Headers.NONE, "key=" + KEY.replace("_", "%5F")))
                .isEqualTo(new Shown.One(new KeySecret(KEY), false));
    }

    @Test
    void find_onlyProviderCredentials_isNothing() {
        assertThat(Credentials.find(
                        Headers.of("Authorization", "Bearer " + CLIENTS, "x-api-key", CLIENTS), "key=x&y=" + KEY))
                .isEqualTo(new Shown.Nothing());
    }

    @Test
    void find_sameKeyInTwoSlots_isOneKey() {
        assertThat(Credentials.find(Headers.of("x-api-key", KEY, "Authorization", "Bearer " + KEY), "key=" + KEY))
                .isEqualTo(new Shown.One(new KeySecret(KEY), false));
    }

    @Test
    void find_twoDifferentKeys_areSeveral() {
        assertThat(Credentials.find(Headers.of("x-api-key", KEY, "Authorization", "Bearer " + OTHER), null))
                .isEqualTo(new Shown.Several());
        assertThat(Credentials.find(Headers.of("X-Tollgate-Key", KEY, "X-Tollgate-Key", OTHER), null))
                .isEqualTo(new Shown.Several());
        assertThat(Credentials.find(Headers.of("X-Tollgate-Key", KEY), "key=" + OTHER))
                .isEqualTo(new Shown.Several());
    }

    @Test
    void find_ownHeaderBesideClientCredential_saysSo() {
        assertThat(Credentials.find(Headers.of("X-Tollgate-Key", KEY, "Authorization", "Bearer " + CLIENTS), null))
                .isEqualTo(new Shown.One(new KeySecret(KEY), true));
        assertThat(Credentials.find(Headers.of("X-CM-API-Key", KEY), "key=" + CLIENTS))
                .isEqualTo(new Shown.One(new KeySecret(KEY), true));
    }

    @Test
    void find_sharedSlotBesideClientCredential_isStoredMode() {
        assertThat(Credentials.find(Headers.of("x-api-key", KEY, "Authorization", "Bearer " + CLIENTS), null))
                .isEqualTo(new Shown.One(new KeySecret(KEY), false));
    }

    @Test
    void upstream_storedMode_dropsEveryCredential() {
        Headers sent = Credentials.upstream(
                Headers.of(
                        "Accept", "a", "X-Tollgate-Key", KEY, "Authorization", CLIENTS, "api-key", CLIENTS, "B", "b"),
                false);

        assertThat(sent.fields()).extracting(Headers.Field::name).containsExactly("Accept", "B");
    }

    @Test
    void upstream_passThrough_keepsOnlyTheClientsCredential() {
        Headers sent = Credentials.upstream(
                Headers.of("x-cm-api-key", KEY, "Authorization", "Bearer " + CLIENTS, "x-api-key", "tg_malformed"),
                true);

        assertThat(sent.fields()).containsExactly(new Headers.Field("Authorization", "Bearer " + CLIENTS));
    }

    @Test
    void upstream_keyInAnUnknownHeader_isDropped() {
        Headers sent = Credentials.upstream(Headers.of("X-Debug", "was tg_x, now " + KEY + "!", "X-Ok", "tg_x"), true);

        assertThat(sent.fields()).extracting(Headers.Field::name).containsExactly("X-Ok");
    }

    @Test
    void query_withGatewayKeys_losesThemAndNothingElse() {
        assertThat(Credentials.withoutGatewayKeys("a=%7e1&key=" + KEY + "&b=&key=" + CLIENTS))
                .isEqualTo("a=%7e1&b=&key=" + CLIENTS);
        assertThat(Credentials.withoutGatewayKeys("x=" + KEY.replace("k", "%6B") + "&" + KEY + "=1&key=tg_short"))
                .isNull();
        assertThat(Credentials.withoutGatewayKeys("")).isEmpty();
        assertThat(Credentials.withoutGatewayKeys(null)).isNull();
        assertThat(Credentials.withoutGatewayKeys("broken=%zz&&flag")).isEqualTo("broken=%zz&&flag");
    }

    @Test
    void query_withoutKeys_losesTheClientsToo() {
        assertThat(Credentials.withoutKeys("alt=sse&key=" + CLIENTS)).isEqualTo("alt=sse");
    }
}
