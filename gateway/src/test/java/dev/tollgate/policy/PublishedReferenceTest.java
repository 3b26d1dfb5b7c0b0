package dev.tollgate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is published of the policy records is what they are. To write both files anew after a change of a record or of its javadoc:
 * {@code ./mvnw -pl gateway test -Dtest=PublishedReferenceTest -Dtollgate.regenerate=true}.
 */
class PublishedReferenceTest {
    private static final Path SCHEMA = Path.of("../policies/schema.json");
    private static final Path REFERENCE = Path.of("docs/configuration.md");
    private static final Path HEAD = Path.of("src/test/resources/policy/configuration-head.md");

    @Test
    void schema_isThatOfTheRecords() throws IOException {
        assertPublished(SCHEMA, SchemaWriter.write(Setting.all(Javadocs.read())));
    }

    @Test
    void reference_isThatOfTheRecords() throws IOException {
        assertPublished(REFERENCE, ReferenceWriter.write(Files.readString(HEAD), Setting.all(Javadocs.read())));
    }

    @Test
    void everyKey_isExplained() throws IOException {
        List<Setting> sections = Setting.all(Javadocs.read());

        sections.forEach(PublishedReferenceTest::assertExplained);
    }

    private static void assertExplained(Setting setting) {
        assertThat(setting.text()).as(setting.key()).isNotBlank();
        assertExplained(setting.key(), setting.shape());
    }

    private static void assertExplained(String key, Setting.Shape shape) {
        switch (shape) {
            case Setting.Shape.Keys keys -> {
                assertThat(keys.text()).as(key).isNotBlank();
                keys.settings().forEach(PublishedReferenceTest::assertExplained);
            }
            case Setting.Shape.Many(Setting.Shape item) -> assertExplained(key, item);
            case Setting.Shape.Named(Setting.Shape item) -> assertExplained(key, item);
            case Setting.Shape.Choice(var meanings) ->
                assertThat(meanings.values())
                        .as(key)
                        .allSatisfy(text -> assertThat(text).isNotBlank());
            case Setting.Shape.Single ignored -> {}
            case Setting.Shape.OneOrMany ignored -> {}
        }
    }

    private static void assertPublished(Path file, String now) throws IOException {
        if (Boolean.getBoolean("tollgate.regenerate")) {
            Files.writeString(file, now);
        }
        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as(
                        "%s is not that of the policy records: run ./mvnw -pl gateway test -Dtest=PublishedReferenceTest"
                                + " -Dtollgate.regenerate=true",
                        file)
                .isEqualTo(now);
    }
}
