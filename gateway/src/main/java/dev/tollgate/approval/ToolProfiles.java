package dev.tollgate.approval;

import dev.tollgate.policy.Names;
import dev.tollgate.policy.ReviewPolicy;
import dev.tollgate.policy.ToolsPolicy.Permit;
import dev.tollgate.policy.ToolsPolicy.Profile;
import dev.tollgate.policy.ToolsPolicy.ToolRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The rules of the profiles. Their ids begin with the profile's name. */
final class ToolProfiles {
    private static final Duration DEADLINE = Duration.ofMinutes(15);

    private static final List<ToolRule> TRUSTED = List.of(
            commands(
                    "trusted-destroy",
                    Permit.DENY,
                    "the command would destroy the machine it runs on",
                    "rm -rf /",
                    "rm -rf /*",
                    "rm -fr /",
                    "rm -fr /*",
                    "rm * --no-preserve-root*",
                    "mkfs*",
                    "wipefs *",
                    "dd *of=/dev/*",
                    "*> /dev/sd*",
                    "*>/dev/sd*",
                    "shutdown*",
                    "reboot*",
                    "*:|:&*"),
            hosts(
                    "trusted-metadata",
                    Permit.DENY,
                    "a cloud's metadata service gives out credentials",
                    "169.254.169.254",
                    "metadata.google.internal",
                    "100.100.100.200",
                    "[fd00:ec2::254]"));

    private static final List<ToolRule> STANDARD = List.of(
            paths(
                    "standard-credentials",
                    "the call names a file that holds credentials",
                    "*.ssh",
                    "*.ssh/*",
                    "*.aws/*",
                    "*.kube/config",
                    "*.netrc",
                    "*.npmrc",
                    "*.pypirc",
                    "*.docker/config.json",
                    "*.env",
                    "*.env.*",
                    "/etc/shadow",
                    "/etc/sudoers*",
                    "*id_rsa*",
                    "*id_ed25519*",
                    "*.pem"),
            commands(
                    "standard-download",
                    Permit.HOLD,
                    "the command runs what it downloads",
                    "*curl *|*sh*",
                    "*wget *|*sh*",
                    "*curl *|*python*",
                    "*<(curl *",
                    "*eval *$(curl*"),
            commands(
                    "standard-delete",
                    Permit.HOLD,
                    "the command deletes without a way back",
                    "rm -r*",
                    "rm -f*",
                    "rm * -r*",
                    "rmdir *",
                    "find * -delete*",
                    "git reset --hard*",
                    "git clean *",
                    "git push *--force*",
                    "git push *-f*",
                    "truncate *",
                    "shred *",
                    "drop table*",
                    "drop database*",
                    "*psql *drop *",
                    "*mysql *drop *"),
            commands(
                    "standard-publish",
                    Permit.HOLD,
                    "the command changes something that others use",
                    "git push*",
                    "npm publish*",
                    "twine upload*",
                    "cargo publish*",
                    "docker push*",
                    "gh release *",
                    "terraform apply*",
                    "terraform destroy*",
                    "kubectl apply*",
                    "kubectl delete*",
                    "helm upgrade*",
                    "helm uninstall*",
                    "aws *",
                    "gcloud *",
                    "az *"));

    private static final List<ToolRule> RESTRICTED = List.of(
            tools(
                    "restricted-shell",
                    "the call runs a command",
                    "*bash*",
                    "*shell*",
                    "*terminal*",
                    "*exec*",
                    "*command*",
                    "run_*",
                    "*_run",
                    "*code_interpreter*",
                    "computer*"),
            tools(
                    "restricted-write",
                    "the call changes files",
                    "write*",
                    "*_write*",
                    "edit*",
                    "*_edit*",
                    "multiedit*",
                    "notebookedit*",
                    "str_replace*",
                    "apply_patch*",
                    "create_*",
                    "delete_*",
                    "move_*",
                    "replace"),
            tools(
                    "restricted-network",
                    "the call reaches the network",
                    "*fetch*",
                    "*browser*",
                    "http*",
                    "web*",
                    "*_http*",
                    "*request*",
                    "send_*",
                    "*email*"));

    private ToolProfiles() {}

    static List<ToolRule> of(Profile profile) {
        List<ToolRule> rules = new ArrayList<>();
        if (profile.compareTo(Profile.TRUSTED) >= 0) {
            rules.addAll(TRUSTED);
        }
        if (profile.compareTo(Profile.STANDARD) >= 0) {
            rules.addAll(STANDARD);
        }
        if (profile.compareTo(Profile.RESTRICTED) >= 0) {
            rules.addAll(RESTRICTED);
        }
        return rules;
    }

    private static ToolRule commands(String id, Permit call, String reason, String... patterns) {
        return rule(id, Names.NONE, Names.of(patterns), Names.NONE, Names.NONE, call, reason);
    }

    private static ToolRule paths(String id, String reason, String... patterns) {
        return rule(id, Names.NONE, Names.NONE, Names.of(patterns), Names.NONE, Permit.HOLD, reason);
    }

    private static ToolRule hosts(String id, Permit call, String reason, String... patterns) {
        return rule(id, Names.NONE, Names.NONE, Names.NONE, Names.of(patterns), call, reason);
    }

    private static ToolRule tools(String id, String reason, String... patterns) {
        return rule(id, Names.of(patterns), Names.NONE, Names.NONE, Names.NONE, Permit.HOLD, reason);
    }

    private static ToolRule rule(
            String id, Names tools, Names commands, Names paths, Names hosts, Permit call, String reason) {
        return new ToolRule(
                id,
                tools,
                Names.NONE,
                Names.NONE,
                commands,
                paths,
                hosts,
                null,
                null,
                call,
                reason,
                DEADLINE,
                ReviewPolicy.DEFAULT);
    }
}
