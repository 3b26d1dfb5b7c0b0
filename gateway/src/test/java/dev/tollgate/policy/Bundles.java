package dev.tollgate.policy;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Bundles for tests, of some sections and of defaults for the others. */
public final class Bundles {
    private Bundles() {}

    public static Bundle of(Record... sections) {
        return made(
                Bundle.class,
                component -> Arrays.stream(sections)
                        .filter(component.getType()::isInstance)
                        .findFirst()
                        .orElse(null));
    }

    /** What decides about calls, of some members by their names and of defaults for the others. */
    public static ApprovalPolicy approval(Map<String, ?> members) {
        Set<String> unknown = new HashSet<>(members.keySet());
        ApprovalPolicy policy = made(ApprovalPolicy.class, component -> {
            unknown.remove(component.getName());
            return members.get(component.getName());
        });
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no members of the policy: " + unknown);
        }
        return policy;
    }

    private static <T extends Record> T made(Class<T> type, Function<RecordComponent, @Nullable Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types)
                    .newInstance(Arrays.stream(components).map(values).toArray());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
