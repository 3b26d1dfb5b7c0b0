package dev.tollgate.policy;

import dev.tollgate.value.NanoUsd;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One key of a bundle.
 *
 * @param key as it is written
 * @param text what it is, as Markdown
 * @param shape what may stand under it
 * @param required whether it has no default
 * @param bounds what a number, size, time or amount may be
 * @param standard its default; null if there is none, or another key decides it
 */
record Setting(
        String key,
        String text,
        Shape shape,
        boolean required,
        Optional<Bounds> bounds,
        @Nullable Object standard) {
    /** What each text of a sample says. */
    private static final String SAMPLE = "sample/sample";

    /** What may stand under a key. */
    sealed interface Shape {
        /** A single value. */
        record Single(Class<?> type) implements Shape {}

        /** One of some names, and what each means: empty where the name says it. */
        record Choice(Map<String, String> meanings) implements Shape {}

        /** Keys and values of a record. */
        record Keys(Class<?> type, String text, List<Setting> settings) implements Shape {}

        /** A list. */
        record Many(Shape item) implements Shape {}

        /** One name or a list of them. */
        record OneOrMany() implements Shape {}

        /** Values under names of the operator's choice. */
        record Named(Shape item) implements Shape {}
    }

    /** A text as a sentence, with a capital and a full stop. */
    static String sentence(String text) {
        String capital = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        return capital.endsWith(".") ? capital : capital + ".";
    }

    /** The sections of a bundle, with the defaults that hold where a bundle says nothing. */
    static List<Setting> all(Javadocs docs) {
        return keys(Bundle.class, sample(Bundle.class), docs).settings();
    }

    private static Shape.Keys keys(Class<?> type, @Nullable Object instance, Javadocs docs) {
        List<Setting> settings = Arrays.stream(type.getRecordComponents())
                .map(component -> setting(type, component, instance, docs))
                .toList();
        return new Shape.Keys(type, docs.of(type), settings);
    }

    private static Setting setting(
            Class<?> owner, RecordComponent component, @Nullable Object instance, Javadocs docs) {
        boolean required = component.isAnnotationPresent(Required.class);
        Object standard = instance == null ? null : read(component, instance);
        boolean isDerived = required || String.valueOf(standard).contains(SAMPLE);
        return new Setting(
                Binder.key(component),
                docs.of(owner, component.getName()),
                shape(component.getGenericType(), standard, docs),
                required,
                Bounds.of(component),
                isDerived ? null : standard);
    }

    private static Shape shape(Type type, @Nullable Object standard, Javadocs docs) {
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            Class<?> item = (Class<?>) last;
            Shape below = shape(item, item.isRecord() && !Scalars.isScalar(item) ? sample(item) : null, docs);
            return generic.getRawType() == Map.class ? new Shape.Named(below) : new Shape.Many(below);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == Names.class) {
            return new Shape.OneOrMany();
        }
        if (plain.isEnum()) {
            return new Shape.Choice(meanings(plain, docs));
        }
        return Scalars.isScalar(plain) ? new Shape.Single(plain) : keys(plain, standard, docs);
    }

    private static Map<String, String> meanings(Class<?> type, Javadocs docs) {
        Map<String, String> meanings = new LinkedHashMap<>();
        List<String> names = Scalars.names(type);
        for (int i = 0; i < names.size(); i++) {
            meanings.put(names.get(i), docs.of(type, type.getEnumConstants()[i].toString()));
        }
        return meanings;
    }

    private static @Nullable Object read(RecordComponent component, Object instance) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(instance);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /** A record of which only the required keys are given. */
    private static Object sample(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(component -> component.isAnnotationPresent(Required.class) ? given(component) : null)
                .toArray();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException(type.getSimpleName(), bug);
        }
    }

    private static Object given(RecordComponent component) {
        if (component.getType() == List.class) {
            return List.of();
        }
        if (component.getType().isEnum()) {
            return component.getType().getEnumConstants()[0];
        }
        if (component.getType() == Quantity.class) {
            return Quantity.ZERO;
        }
        if (component.getType() == Map.class) {
            return Map.of();
        }
        if (Number.class.isAssignableFrom(component.getType())) {
            return component.getType() == Long.class ? (Object) 1L : 1.0;
        }
        return component.getType() == NanoUsd.class ? NanoUsd.ZERO : SAMPLE;
    }
}
