package dev.tollgate.console.oidc;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import java.net.URI;

/**
 * A sign-in under way: what only whoever began it knows.
 *
 * @param state comes back with the browser
 * @param nonce comes back in the ID token
 * @param verifier proves to the provider that who redeems the code is who asked for it
 * @param redirect where the provider sends the browser
 * @param departure where the browser goes first
 */
public record Attempt(State state, Nonce nonce, CodeVerifier verifier, URI redirect, URI departure) {
    /** The state as it stands in addresses. */
    public String id() {
        return state.getValue();
    }

    @Override
    public String toString() {
        return "Attempt[redacted]";
    }
}
