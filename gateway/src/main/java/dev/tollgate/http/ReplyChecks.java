package dev.tollgate.http;

import dev.tollgate.wire.Problem;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What stands between a reply and its client: ends the reply where something in it must not pass, and has its calls of tools judged. Belongs to one reply. */
final class ReplyChecks {
    /** Documents up to this size are passed on whole, so that their head can tell their cost. */
    private static final int MAX_WHOLE_BYTES = 1 << 20;

    private final Intake intake;
    private final @Nullable ToolReview tools;
    private final Outlet outlet;
    private final ReplyEnding ending;

    ReplyChecks(Intake intake, Outlet outlet, ReplyEnding ending) {
        this.intake = intake;
        this.tools = intake.tools();
        this.outlet = outlet;
        this.ending = ending;
    }

    /** Whether nothing may go out before all of it is there. */
    boolean wantWhole() {
        AnswerForm form = intake.form();
        return (tools != null && form.isJson() && !form.isArray()) || intake.isSearchedWhole();
    }

    /** Takes down what came, before anything is done with it. */
    void came(Buffer piece) {
        intake.count(piece);
        if (tools != null) {
            tools.came(piece);
        }
    }

    /** Ends the reply where a part of it cannot be judged, or it must not reach the client, who learns why instead. */
    boolean stop() {
        if (tools != null && tools.isStuck()) {
            ending.breakOff(ToolReview.stuck());
            return true;
        }
        Problem refused = tools == null ? null : tools.refusal();
        Problem found = refused == null ? intake.blocked() : refused;
        if (found != null) {
            ending.cut(ReplyOwner.End.BLOCKED, found);
        }
        return found != null;
    }

    /** Whether more of a document waits than may; its calls of tools cannot be judged any more then. */
    boolean isTooLongToWait() {
        boolean isTooLong = !intake.isSearchedWhole()
                && outlet.size() > (tools == null ? MAX_WHOLE_BYTES : ToolReview.MAX_KEPT_BYTES);
        if (isTooLong && tools != null) {
            tools.cannotRead();
        }
        return isTooLong;
    }

    /** Whether calls of tools wait to be judged. */
    boolean isToJudge(boolean whole) {
        return tools != null && (whole || tools.isKeeping());
    }

    void judge(boolean whole, ReplyOwner owner, Runnable then) {
        if (tools == null) {
            then.run();
        } else {
            tools.judge(whole, outlet, owner, then);
        }
    }

    /** The client has gone: nobody waits for a person any more. */
    void abandon() {
        if (tools != null) {
            tools.abandon();
        }
    }
}
