package dev.tollgate.policy;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Bundles for tests, of some sections and of defaults for the others. */
public final class Bundles {
    private Bundles() {}

    public static Bundle of(Record... sections) {
        RecordComponent[] components = Bundle.class.getRecordComponents();
        Object[] values = Arrays.stream(components)
                .map(component -> Arrays.stream(sections)
                        .filter(component.getType()::isInstance)
                        .findFirst()
                        .orElse(null))
                .toArray();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return Bundle.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
