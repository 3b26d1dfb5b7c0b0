package dev.tollgate.policy;

import dev.tollgate.value.Sha256;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What differs between two bundles, setting by setting, in the words of the policy. Secrets are only said to differ. */
public final class PolicyChanges {
    private static final int MAX_SHOWN = 120;
    private static final int HASH_SHOWN = 16;
    private static final String HEADERS = "headers";

    private final Map<String, Setting> settings = new TreeMap<>();

    private PolicyChanges() {}

    /**
     * @param shown what may be said of it
     * @param value what it is compared by
     */
    private record Setting(String shown, String value) {}

    /**
     * One line per setting that differs, such as {@code budget.budgets[few].limit: 100 → 200}, in the order of their places. An entry of a list
     * that has an {@code id} is named by it.
     */
    public static List<String> between(Bundle before, Bundle after) {
        return between(of(before), of(after));
    }

    /** The same against a bundle of which only {@link #shown} was kept: secrets that were replaced by others are not told. */
    public static List<String> between(Map<String, String> shownBefore, Bundle after) {
        Map<String, Setting> old = new TreeMap<>();
        shownBefore.forEach((place, shown) -> old.put(place, new Setting(shown, shown)));
        Map<String, Setting> now = new TreeMap<>();
        of(after).forEach((place, setting) -> now.put(place, new Setting(setting.shown, setting.shown)));
        return between(old, now);
    }

    /** What may be said of each setting of a bundle, by its place: no secrets, and of long values the beginning and a hash. */
    public static Map<String, String> shown(Bundle bundle) {
        Map<String, String> shown = new TreeMap<>();
        of(bundle).forEach((place, setting) -> shown.put(place, setting.shown));
        return shown;
    }

    private static List<String> between(Map<String, Setting> old, Map<String, Setting> now) {
        List<String> lines = new ArrayList<>();
        TreeSet<String> places = new TreeSet<>(old.keySet());
        places.addAll(now.keySet());
        for (String place : places) {
            Setting was = old.get(place);
            Setting is = now.get(place);
            if (was == null && is != null) {
                lines.add(place + ": added, " + is.shown);
            } else if (was != null && is == null) {
                lines.add(place + ": removed, was " + was.shown);
            } else if (was != null && is != null && !was.value.equals(is.value)) {
                lines.add(place + ": " + was.shown + " → " + is.shown);
            }
        }
        return lines;
    }

    private static Map<String, Setting> of(Bundle bundle) {
        PolicyChanges changes = new PolicyChanges();
        changes.keys("", bundle);
        return changes.settings;
    }

    private void keys(String place, Record keys) {
        for (RecordComponent component : keys.getClass().getRecordComponents()) {
            String key = Binder.key(component);
            boolean secret = component.isAnnotationPresent(SecretText.class) || key.equals(HEADERS);
            value(YamlPath.join(place, key), valueOf(component, keys), secret);
        }
    }

    private void value(String place, @Nullable Object value, boolean secret) {
        switch (value) {
            case null -> {
                // Not written, and without a default.
            }
            case Duration duration -> put(place, Scalars.written(duration), secret);
            case Names names -> put(place, names.toString(), secret);
            case Record keys when !Scalars.isScalar(keys.getClass()) -> keys(place, keys);
            case Map<?, ?> named ->
                named.forEach((name, one) -> value(YamlPath.join(place, String.valueOf(name)), one, secret));
            case List<?> items
            when items.stream().anyMatch(PolicyChanges::hasKeys) -> {
                for (int i = 0; i < items.size(); i++) {
                    value(place + "[" + nameOf(items.get(i), i) + "]", items.get(i), secret);
                }
            }
            case List<?> texts -> put(place, texts.toString(), secret);
            case Collection<?> texts -> put(place, new TreeSet<>(texts).toString(), secret);
            default -> put(place, value.toString(), secret);
        }
    }

    private void put(String place, String value, boolean secret) {
        settings.put(place, new Setting(secret ? "[secret]" : shown(value), value));
    }

    private static String shown(String value) {
        return value.length() <= MAX_SHOWN
                ? value
                : value.substring(0, MAX_SHOWN) + "… (sha256 "
                        + Sha256.hexOf(value.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_SHOWN) + ")";
    }

    private static boolean hasKeys(Object value) {
        return value instanceof Record && !(value instanceof Names) && !Scalars.isScalar(value.getClass());
    }

    private static String nameOf(Object item, int index) {
        for (RecordComponent component : item.getClass().getRecordComponents()) {
            if (component.getName().equals("id") && component.getType() == String.class) {
                return String.valueOf(valueOf(component, (Record) item));
            }
        }
        return Integer.toString(index);
    }

    private static @Nullable Object valueOf(RecordComponent component, Record keys) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(keys);
        } catch (IllegalAccessException | InvocationTargetException fault) {
            throw new IllegalStateException("a record's own component can be read", fault);
        }
    }
}
