package dev.tollgate.console.oidc;

/** An answer of the identity provider, or one that pretends to be, that lets nobody in. */
public final class SignInRefused extends Exception {
    private static final long serialVersionUID = 1;
    private final String reason;

    /**
     * @param reason stable lower_snake_case
     * @param message for people; holds no token and no code
     */
    public SignInRefused(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
