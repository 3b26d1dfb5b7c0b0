package dev.tollgate.console.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import dev.tollgate.policy.ConsolePolicy.Oidc;
import java.io.IOException;
import java.text.ParseException;

/** Proves logout tokens: signature, issuer, audience, times, the event, and that it is no ID token. */
final class Logout {
    private final Oidc policy;
    private final Discovery discovery;

    Logout(Oidc policy, Discovery discovery) {
        this.policy = policy;
        this.discovery = discovery;
    }

    LoggedOut read(String token) throws IOException, SignInRefused {
        try {
            LogoutTokenClaimsSet claims = discovery.logoutValidator().validate(SignedJWT.parse(token));
            return new LoggedOut(
                    policy.issuer(),
                    claims.getSubject() == null ? "" : claims.getSubject().getValue(),
                    claims.getSessionID() == null ? "" : claims.getSessionID().getValue(),
                    claims.getIssueTime().toInstant());
        } catch (BadJOSEException | ParseException refused) {
            throw new SignInRefused("logout_token_refused", "the logout token is not good: " + refused.getMessage());
        } catch (JOSEException unreadable) {
            throw new IOException("the identity provider's keys cannot be used", unreadable);
        }
    }
}
