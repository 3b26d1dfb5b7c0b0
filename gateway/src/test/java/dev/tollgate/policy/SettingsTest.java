package dev.tollgate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every setting, twice: its default where it is not written ({@code smallest.*}), and another value that is ({@code everything.*}). A new setting
 * fails both tests until it stands in both lists, of {@code src/test/resources/policy}.
 */
class SettingsTest {
    private static final Path TEXTS = Path.of("src/test/resources/policy");

    @TempDir
    Path folder;

    @Test
    void settings_thatNobodyWrote_haveTheirDefaults() throws Exception {
        Map<String, String> settings = settings("smallest.yaml");

        assertThat(lines(settings)).isEqualTo(Files.readString(TEXTS.resolve("smallest.settings")));
    }

    @Test
    void everyKey_reachesItsSetting() throws Exception {
        Map<String, String> settings = settings("everything.yaml");

        Map<String, String> defaults = settings("smallest.yaml");
        assertThat(lines(settings)).isEqualTo(Files.readString(TEXTS.resolve("everything.settings")));
        assertThat(settings)
                .allSatisfy((path, value) -> assertThat(value).as(path).isNotEqualTo(defaults.get(path)));
    }

    private Map<String, String> settings(String file) throws Exception {
        Files.copy(TEXTS.resolve(file), folder.resolve("policy.yaml"), StandardCopyOption.REPLACE_EXISTING);
        Bundle bundle = new PolicyLoader(folder, List.of(), name -> null).load().bundle();
        Map<String, String> settings = new TreeMap<>();
        flatten("", bundle, settings);
        return settings;
    }

    private static String lines(Map<String, String> settings) {
        StringBuilder lines = new StringBuilder();
        settings.forEach((path, value) -> lines.append((path + " = " + value.replace("\n", "\\n")).strip())
                .append('\n'));
        return lines.toString();
    }

    private static void flatten(String path, Object value, Map<String, String> settings) throws Exception {
        switch (value) {
            case null -> settings.put(path, "null");
            case Duration duration -> settings.put(path, Scalars.written(duration));
            case Names names -> settings.put(path, names.toString());
            case Record keys
            when !Scalars.isScalar(keys.getClass()) -> {
                for (RecordComponent component : keys.getClass().getRecordComponents()) {
                    component.getAccessor().setAccessible(true);
                    flatten(
                            YamlPath.join(path, Binder.key(component)),
                            component.getAccessor().invoke(keys),
                            settings);
                }
            }
            case Map<?, ?> named
            when named.values().stream().anyMatch(SettingsTest::hasKeys) -> {
                // The catalog's own entries are none of a test's business.
                for (String name : List.of("house", "fast")) {
                    if (named.containsKey(name)) {
                        flatten(YamlPath.join(path, name), named.get(name), settings);
                    }
                }
            }
            case List<?> items
            when items.stream().anyMatch(Record.class::isInstance) -> {
                for (int i = 0; i < items.size(); i++) {
                    flatten(path + "[" + i + "]", items.get(i), settings);
                }
            }
            case Map<?, ?> texts -> settings.put(path, new TreeMap<>(texts).toString());
            case Path file -> settings.put(path, file.toString());
            case Collection<?> texts
            when !(texts instanceof List<?>) -> settings.put(path, new TreeSet<>(texts).toString());
            default -> settings.put(path, value.toString());
        }
    }

    private static boolean hasKeys(Object value) {
        return value instanceof Record && !(value instanceof Names) && !Scalars.isScalar(value.getClass());
    }
}
