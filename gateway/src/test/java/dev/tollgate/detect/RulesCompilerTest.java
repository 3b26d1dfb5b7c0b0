package dev.tollgate.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.DetectPolicy;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ScanPolicy;
import dev.tollgate.policy.ScanPolicy.Action;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesCompilerTest {
    @TempDir
    private Path bundle;

    @Test
    void compile_settingsForKnownRules_yieldsTheShippedRules() throws PolicyException {
        final RuleSet rules = compile(Map.of("email_address", Action.MARK), Set.of("dan_persona"));

        assertThat(rules.version()).isEqualTo(RuleSets.shipped().version());
    }

    @Test
    void compile_settingsForUnknownRules_isRefused() {
        assertThatThrownBy(() -> compile(Map.of("email", Action.MARK), Set.of()))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("scan.rules.email")
                .hasMessageContaining("no rule is called \"email\"");
        assertThatThrownBy(() -> compile(Map.of(), Set.of("dan"))).hasMessageContaining("no rule is called \"dan\"");
    }

    @Test
    void compile_settingsInTheWrongSection_isRefused() {
        assertThatThrownBy(() -> compile(Map.of("dan_persona", Action.OFF), Set.of()))
                .hasMessageContaining("belongs under detect.disabled");
        assertThatThrownBy(() -> compile(Map.of(), Set.of("email_address")))
                .hasMessageContaining("belongs under scan.rules");
    }

    @Test
    void compile_packInTheBundle_isAdded() throws Exception {
        write(
                "kind: secret\nrules:\n  - {id: acme_key, title: t, family: f, keywords: [acme-], pattern: 'acme-[0-9]{4}'}\n");

        assertThat(compile(Map.of("acme_key", Action.REDACT), Set.of()).placeholder("acme_key"))
                .isEqualTo("ACME_KEY");
    }

    @Test
    void compile_packThatIsNotSound_isRefusedWithFileAndLine() throws Exception {
        write("kind: secret\nrules:\n  - {id: acme_key, title: t, family: f, keywords: [acme-], pattern: 'acme-.*'}\n");

        assertThatThrownBy(() -> compile(Map.of(), Set.of()))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("rules/acme.yaml:3: rule acme_key: a repetition needs an upper bound");
    }

    @Test
    void compile_holdWhereNobodyDecides_isRefused() {
        final ApprovalPolicy nobody = Bundles.approval(Map.of("mode", Mode.OFF));
        final ScanPolicy scan = new ScanPolicy(null, null, Action.HOLD, null, null, null);
        final DetectPolicy detect = new DetectPolicy(null, 0.8, 0.5, null);

        assertThatThrownBy(() -> new RulesCompiler(bundle).compile(Bundles.of(scan, nobody)))
                .hasMessageContaining("scan.personal: hold needs people who decide");
        assertThatThrownBy(() -> new RulesCompiler(bundle).compile(Bundles.of(detect, nobody)))
                .hasMessageContaining("detect.hold_from");
    }

    private void write(String pack) throws Exception {
        Files.createDirectory(bundle.resolve("rules"));
        Files.writeString(bundle.resolve("rules/acme.yaml"), pack);
    }

    private RuleSet compile(Map<String, Action> rules, Set<String> disabled) throws PolicyException {
        final ScanPolicy scan = new ScanPolicy(null, null, null, rules, null, null);
        final DetectPolicy detect = new DetectPolicy(Mode.ENFORCE, null, disabled);
        return new RulesCompiler(bundle).compile(Bundles.of(scan, detect));
    }
}
