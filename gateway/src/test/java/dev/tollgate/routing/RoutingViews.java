package dev.tollgate.routing;

import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.wire.Wires;
import java.util.List;
import java.util.random.RandomGenerator;

/** Views of the default bundle with changes, for tests. */
final class RoutingViews {
    private static final Wires WIRES = new Wires();

    private RoutingViews() {}

    static Bundle bundle(Environment environment, String... overrides) {
        try {
            return new PolicyLoader(null, List.of(overrides), environment)
                    .load()
                    .bundle();
        } catch (PolicyException refused) {
            throw new AssertionError(refused);
        }
    }

    static Bundle bundle(String... overrides) {
        return bundle(name -> null, overrides);
    }

    static <T> T compiled(ViewCompiler<T> compiler, Bundle bundle) {
        try {
            return compiler.compile(bundle);
        } catch (PolicyException refused) {
            throw new AssertionError(refused);
        }
    }

    static ViewCompiler<PathTable> paths() {
        return PathTable.compiler(WIRES);
    }

    /** Always the same number, wherever it is below the bound. */
    static RandomGenerator always(int number) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return number;
            }

            @Override
            public int nextInt(int bound) {
                return number;
            }
        };
    }
}
