package dev.tollgate.policy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.policy.YamlNode.Mapping;
import dev.tollgate.policy.YamlNode.Mark;
import dev.tollgate.policy.YamlNode.Member;
import dev.tollgate.policy.YamlNode.Scalar;
import dev.tollgate.policy.YamlNode.Sequence;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of YAML: one component per key in snake case, null for a key that is missing. Goes on after a fault, so that all faults
 * are told at once; a record with a fault inside is not constructed, so that none is told twice.
 */
final class Binder {
    private final List<PolicyError> errors;
    private final References references;
    private final Predicate<String> keepsReferences;

    /**
     * @param errors takes what is wrong
     * @param keepsReferences whether the references at a path stay as they are, because whoever uses them can do without
     */
    Binder(List<PolicyError> errors, References references, Predicate<String> keepsReferences) {
        this.errors = errors;
        this.references = references;
        this.keepsReferences = keepsReferences;
    }

    /** The record, or null after a fault. */
    <T extends Record> @Nullable T bind(Class<T> type, YamlNode node, String path) {
        return type.cast(record(type, node, path));
    }

    private @Nullable Object record(Class<?> type, YamlNode node, String path) {
        if (!(node instanceof Mapping mapping)) {
            return wrong(node.mark(), path, "expected keys and values, allowed are " + keys(type));
        }
        int before = errors.size();
        refuseUnknown(type, mapping, path);
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = key(components[i]);
            Member member = mapping.members().get(key);
            if (member != null && !member.value().isNull()) {
                values[i] = component(components[i], member.value(), YamlPath.join(path, key));
            } else if (components[i].isAnnotationPresent(Required.class)) {
                wrong(mapping.mark(), YamlPath.join(path, key), "is missing");
            }
        }
        return errors.size() > before ? null : construct(type, components, values, mapping.mark(), path);
    }

    private @Nullable Object component(RecordComponent component, YamlNode node, String path) {
        Object value = value(component.getGenericType(), node, path, component.isAnnotationPresent(SecretText.class));
        if (value == null) {
            return null;
        }
        if (component.isAnnotationPresent(Required.class) && Bounds.isEmpty(value)) {
            return wrong(node.mark(), path, "is empty");
        }
        Bounds bounds = Bounds.of(component).orElse(null);
        if (bounds != null && !bounds.hold(value) && node instanceof Scalar scalar) {
            return wrong(node.mark(), path, '"' + scalar.text() + "\" is out of range, allowed are " + bounds);
        }
        return value;
    }

    private void refuseUnknown(Class<?> type, Mapping mapping, String path) {
        List<String> allowed = keyList(type);
        mapping.members().forEach((key, member) -> {
            if (!allowed.contains(key)) {
                wrong(member.key(), YamlPath.join(path, key), "unknown key, " + Suggestion.among(key, allowed));
            }
        });
    }

    private @Nullable Object construct(
            Class<?> type, RecordComponent[] components, @Nullable Object[] values, Mark mark, String path) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof IllegalArgumentException cause) {
                return wrong(mark, path, String.valueOf(cause.getMessage()));
            }
            throw new IllegalStateException("cannot make a " + type.getSimpleName(), refused);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException("cannot make a " + type.getSimpleName(), bug);
        }
    }

    private @Nullable Object value(Type type, YamlNode node, String path, boolean isSecret) {
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            Class<?> raw = (Class<?>) generic.getRawType();
            if (raw == Map.class) {
                return map(last, node, path);
            }
            List<Object> items = list(last, node, path);
            return items == null || raw == List.class ? items : set(items, node, path);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == Names.class) {
            return names(node, path);
        }
        return Scalars.isScalar(plain) ? scalar(plain, node, path, isSecret) : record(plain, node, path);
    }

    private @Nullable Map<String, Object> map(Type type, YamlNode node, String path) {
        if (!(node instanceof Mapping mapping)) {
            wrong(node.mark(), path, "expected keys and values");
            return null;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        mapping.members().forEach((key, member) -> {
            String below = YamlPath.join(path, key);
            Object value = member.value().isNull()
                    ? wrong(member.key(), below, "nothing is said")
                    : value(type, member.value(), below, false);
            if (value != null) {
                values.put(key, value);
            }
        });
        return values;
    }

    private @Nullable Names names(YamlNode node, String path) {
        List<Object> names = node instanceof Scalar one
                ? Collections.singletonList(scalar(String.class, one, path, false))
                : list(String.class, node, path);
        return names == null
                ? null
                : new Names(names.stream()
                        .filter(Objects::nonNull)
                        .map(String.class::cast)
                        .toList());
    }

    private @Nullable List<Object> list(Type type, YamlNode node, String path) {
        if (!(node instanceof Sequence sequence)) {
            wrong(node.mark(), path, "expected a list, such as [a, b]");
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            YamlNode item = sequence.items().get(i);
            String below = path + "[" + i + "]";
            Object value =
                    item.isNull() ? wrong(item.mark(), below, "nothing is said") : value(type, item, below, false);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private Set<Object> set(List<Object> items, YamlNode node, String path) {
        Set<Object> values = new LinkedHashSet<>();
        for (Object item : items) {
            if (!values.add(item)) {
                wrong(node.mark(), path, "names " + item + " twice");
            }
        }
        return values;
    }

    private @Nullable Object scalar(Class<?> type, YamlNode node, String path, boolean isSecret) {
        Scalars.Kind kind = Scalars.kind(type);
        if (!(node instanceof Scalar(String written, boolean unused, Mark mark))) {
            return wrong(node.mark(), path, "expected " + kind.expected());
        }
        return switch (resolve(written, path, isSecret)) {
            case References.Resolved.Missing(String why) -> wrong(mark, path, why);
            case References.Resolved.Value(String text) -> {
                try {
                    yield kind.parse().apply(text);
                } catch (RuntimeException refused) {
                    // What was written is shown, not what a reference became: that may be a credential.
                    yield wrong(mark, path, '"' + written + "\" is not " + kind.expected());
                }
            }
        };
    }

    private References.Resolved resolve(String written, String path, boolean isSecret) {
        if (keepsReferences.test(path)) {
            return new References.Resolved.Value(written);
        }
        return isSecret ? references.credential(written) : references.variables(written);
    }

    @CanIgnoreReturnValue
    private @Nullable Object wrong(Mark mark, String path, String message) {
        errors.add(new PolicyError(mark.source(), mark.line(), path, message));
        return null;
    }

    /** The keys of a record, in the order of its components. */
    static List<String> keyList(Class<?> type) {
        return Arrays.stream(type.getRecordComponents()).map(Binder::key).toList();
    }

    private static String keys(Class<?> type) {
        return String.join(", ", keyList(type));
    }

    /** {@code dataPlane} is written {@code data_plane}. */
    static String key(RecordComponent component) {
        StringBuilder key = new StringBuilder();
        for (char c : component.getName().toCharArray()) {
            if (Character.isUpperCase(c)) {
                key.append('_').append(Character.toLowerCase(c));
            } else {
                key.append(c);
            }
        }
        return key.toString();
    }
}
