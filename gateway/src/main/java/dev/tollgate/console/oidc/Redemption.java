package dev.tollgate.console.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationErrorResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.AuthenticationSuccessResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.policy.ConsolePolicy.Oidc;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes an identity of the address at which a browser came back. */
final class Redemption {
    private final Oidc policy;
    private final Discovery discovery;

    Redemption(Oidc policy, Discovery discovery) {
        this.policy = policy;
        this.discovery = discovery;
    }

    ByProvider redeem(Attempt attempt, URI answer) throws IOException, SignInRefused {
        AuthorizationCode code = code(attempt, answer);
        OIDCTokenResponse tokens = tokens(attempt, code);
        Map<String, Object> claims = claims(attempt, tokens);
        return new Claims(policy).identity(claims);
    }

    private AuthorizationCode code(Attempt attempt, URI answer) throws SignInRefused, IOException {
        try {
            AuthenticationResponse response = AuthenticationResponseParser.parse(answer);
            if (response instanceof AuthenticationErrorResponse error) {
                throw new SignInRefused(
                        "provider_refused",
                        "the identity provider refused: "
                                + error.getErrorObject().getCode());
            }
            AuthenticationSuccessResponse success = response.toSuccessResponse();
            // Where the provider names itself, an answer of another one must not be redeemed here (RFC 9207).
            boolean isOurs = success.getIssuer() == null
                    ? !discovery.metadata().supportsAuthorizationResponseIssuerParam()
                    : success.getIssuer().equals(discovery.metadata().getIssuer());
            if (!isOurs || !attempt.state().equals(success.getState()) || success.getAuthorizationCode() == null) {
                throw new SignInRefused("answer_not_ours", "the answer does not belong to this sign-in");
            }
            return success.getAuthorizationCode();
        } catch (ParseException malformed) {
            throw new SignInRefused("answer_malformed", "the identity provider's answer cannot be read");
        }
    }

    private OIDCTokenResponse tokens(Attempt attempt, AuthorizationCode code) throws IOException, SignInRefused {
        OIDCProviderMetadata metadata = discovery.metadata();
        AuthorizationCodeGrant grant = new AuthorizationCodeGrant(code, attempt.redirect(), attempt.verifier());
        ClientAuthentication secret = secret(metadata);
        TokenRequest request = (secret == null
                        ? new TokenRequest.Builder(
                                metadata.getTokenEndpointURI(), new ClientID(policy.clientId()), grant)
                        : new TokenRequest.Builder(metadata.getTokenEndpointURI(), secret, grant))
                .build();
        try {
            TokenResponse response = OIDCTokenResponseParser.parse(
                    bounded(request.toHTTPRequest()).send());
            if (!response.indicatesSuccess()) {
                throw new SignInRefused(
                        "code_refused",
                        "the identity provider does not take the code: "
                                + response.toErrorResponse().getErrorObject().getCode());
            }
            return (OIDCTokenResponse) response.toSuccessResponse();
        } catch (ParseException malformed) {
            throw new SignInRefused("answer_malformed", "the identity provider's tokens cannot be read");
        }
    }

    private @Nullable ClientAuthentication secret(OIDCProviderMetadata metadata) {
        String text = policy.clientSecret();
        if (text == null) {
            return null;
        }
        ClientID client = new ClientID(policy.clientId());
        List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
        boolean takesBasic = methods == null || methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
        return takesBasic
                ? new ClientSecretBasic(client, new Secret(text))
                : new ClientSecretPost(client, new Secret(text));
    }

    /** The claims of the ID token, once it is proven; with those of the user-info endpoint where it says nothing of roles. */
    private Map<String, Object> claims(Attempt attempt, OIDCTokenResponse tokens) throws IOException, SignInRefused {
        JWT token = tokens.getOIDCTokens().getIDToken();
        if (token == null) {
            throw new SignInRefused("token_missing", "the identity provider sent no ID token");
        }
        IDTokenClaimsSet proven;
        try {
            proven = discovery.validator().validate(token, attempt.nonce());
        } catch (BadJOSEException refused) {
            throw new SignInRefused("token_refused", "the ID token is not good: " + refused.getMessage());
        } catch (JOSEException unreadable) {
            throw new IOException("the identity provider's keys cannot be used", unreadable);
        }
        Map<String, Object> claims = new HashMap<>(proven.toJSONObject());
        URI more = discovery.metadata().getUserInfoEndpointURI();
        AccessToken access = tokens.getOIDCTokens().getAccessToken();
        if (!new Claims(policy).isWhole(claims) && more != null && access != null) {
            userInfo(more, access, proven).forEach(claims::putIfAbsent);
        }
        return claims;
    }

    private static Map<String, Object> userInfo(URI endpoint, AccessToken access, IDTokenClaimsSet proven)
            throws IOException, SignInRefused {
        try {
            UserInfoResponse response =
                    UserInfoResponse.parse(bounded(new UserInfoRequest(endpoint, access).toHTTPRequest())
                            .send());
            if (!response.indicatesSuccess() || response.toSuccessResponse().getUserInfo() == null) {
                return Map.of();
            }
            var info = response.toSuccessResponse().getUserInfo();
            // Somebody else's claims must not be added to a proven token (OpenID Connect Core 5.3.2).
            if (!info.getSubject().equals(proven.getSubject())) {
                throw new SignInRefused("subject_differs", "the user-info endpoint speaks of somebody else");
            }
            return info.toJSONObject();
        } catch (ParseException malformed) {
            throw new SignInRefused("answer_malformed", "the identity provider's user info cannot be read");
        }
    }

    private static HTTPRequest bounded(HTTPRequest request) {
        request.setConnectTimeout(Discovery.CONNECT_MILLIS);
        request.setReadTimeout(Discovery.READ_MILLIS);
        request.setFollowRedirects(false);
        return request;
    }
}
