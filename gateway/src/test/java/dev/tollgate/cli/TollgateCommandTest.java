package dev.tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.pipeline.Outcome;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.ViewCompiler;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class TollgateCommandTest {
    private static final Node NO_GATEWAY = new Node() {
        @Override
        public int serve(PolicyLoader loader, PrintWriter out) {
            return 1;
        }

        @Override
        public List<ViewCompiler<?>> compilers(PolicyLoader loader) {
            return List.of();
        }

        @Override
        public List<ViewCompiler<?>> rehearsalCompilers(PolicyLoader loader) {
            return List.of();
        }

        @Override
        public Function<Exchange, Future<Outcome>> rehearsal(Ledger ledger) {
            return exchange -> Future.failedFuture("there are no stages here");
        }
    };

    @Test
    void version_always_succeeds() {
        assertThat(TollgateCommand.execute(NO_GATEWAY, "version")).isZero();
    }

    @Test
    void unknownCommand_isCalledWrongly() {
        assertThat(TollgateCommand.execute(NO_GATEWAY, "no-such-command")).isEqualTo(2);
    }

    @Test
    void noCommand_isCalledWrongly() {
        assertThat(TollgateCommand.execute(NO_GATEWAY)).isEqualTo(2);
    }
}
