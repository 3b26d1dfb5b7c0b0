package dev.tollgate.http;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.policy.RoutingPolicy.StreamFailure;
import dev.tollgate.wire.Problem;

/** How the client of a reply learns that it does not go on. */
final class ReplyWords {
    private final Exchange exchange;
    private final ClientReply client;
    private final Intake intake;
    private final Outlet outlet;

    ReplyWords(Exchange exchange, ClientReply client, Intake intake, Outlet outlet) {
        this.exchange = exchange;
        this.client = client;
        this.intake = intake;
        this.outlet = outlet;
    }

    /** Whether a reply that has begun is ended with a reason, not just broken off. */
    boolean explains() {
        return exchange.policy().bundle().routing().streamFailure() == StreamFailure.EXPLAIN;
    }

    /** Tells a failure of the provider. */
    void tell(Problem problem) {
        if (!client.hasBegun() || explains()) {
            say(problem);
        } else {
            passOnWhatIsWhole();
            client.reset();
        }
    }

    /** Says why the reply ends here, whatever the policy says of failures. */
    void say(Problem problem) {
        passOnWhatIsWhole();
        client.problem(problem);
    }

    private void passOnWhatIsWhole() {
        if (client.hasBegun()) {
            intake.breakOff(outlet.gathered());
            outlet.flush();
        }
    }
}
