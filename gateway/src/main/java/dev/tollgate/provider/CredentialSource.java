package dev.tollgate.provider;

import dev.tollgate.policy.Environment;
import dev.tollgate.policy.ProviderEntry;
import dev.tollgate.policy.References;
import dev.tollgate.policy.References.Resolved;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the credential of a provider where its entry says that it lies. Reads files, so not for event loops. */
record CredentialSource(Environment environment, References references) {
    private static final String DEFAULT_REGION = "us-east-1";
    private static final String DEFAULT_SERVICE = "bedrock";

    /** What became of the search. */
    sealed interface Found {
        record Here(Credential credential) implements Found {}

        /**
         * There is none.
         *
         * @param advice what to do about it; names variables and files, never a content
         */
        record Nowhere(String advice) implements Found {}
    }

    Found find(String id, ProviderEntry entry) {
        if (entry.auth() == ProviderEntry.Auth.SIGV4) {
            return aws(entry);
        }
        String written = entry.credential();
        if (written != null) {
            return switch (references.credential(written)) {
                case Resolved.Value(String value) -> new Found.Here(new Credential.Token(value));
                case Resolved.Missing(String why) -> new Found.Nowhere(why + " (providers." + id + ".credential)");
            };
        }
        for (String name : entry.credentialEnv()) {
            String value = variable(name);
            if (value != null) {
                return new Found.Here(new Credential.Token(value));
            }
        }
        return new Found.Nowhere("set "
                + (entry.credentialEnv().isEmpty()
                        ? "providers." + id + ".credential"
                        : String.join(" or ", entry.credentialEnv())));
    }

    private Found aws(ProviderEntry entry) {
        String bearer = entry.bearerEnv() == null ? null : variable(entry.bearerEnv());
        if (bearer != null) {
            return new Found.Here(new Credential.Token(bearer));
        }
        List<String> names = entry.credentialEnv();
        List<@Nullable String> keys = new ArrayList<>();
        names.forEach(name -> keys.add(variable(name)));
        String access = keys.isEmpty() ? null : keys.get(0);
        String secret = keys.size() < 2 ? null : keys.get(1);
        if (access == null || secret == null) {
            String instead = entry.bearerEnv() == null ? "" : ", or " + entry.bearerEnv();
            return new Found.Nowhere("set " + String.join(" and ", names.subList(0, Math.min(2, names.size())))
                    + instead);
        }
        String region = entry.region() == null ? DEFAULT_REGION : entry.region();
        String service = entry.service() == null ? DEFAULT_SERVICE : entry.service();
        String session = keys.size() < 3 ? null : keys.get(2);
        return switch (references.variables(region)) {
            case Resolved.Value(String resolved) ->
                new Found.Here(new Credential.AwsKeys(access, secret, session, resolved, service));
            case Resolved.Missing(String why) -> new Found.Nowhere(why + " (its region)");
        };
    }

    /** What an environment variable holds; null where it is not set or blank. */
    private @Nullable String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
