package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

final class TurnsTest {
    private final Turns turns = new Turns();

    @Test
    void turns_comeInOrder_soManyAtOnce() {
        Turns.Place first = turns.new Place();
        Turns.Place second = turns.new Place();
        Turns.Place third = turns.new Place();

        assertThat(first.turn(1).isComplete()).isTrue();
        Future<Void> next = second.turn(1);
        Future<Void> last = third.turn(1);
        assertThat(next.isComplete()).isFalse();

        first.leave();
        assertThat(next.isComplete()).isTrue();
        assertThat(last.isComplete()).isFalse();
        second.leave();
        assertThat(last.isComplete()).isTrue();
    }

    @Test
    void whoLeavesTheLine_isPassedOver_andGivesNothingBack() {
        Turns.Place first = turns.new Place();
        Turns.Place gone = turns.new Place();
        Turns.Place last = turns.new Place();
        var unused = first.turn(1);
        Future<Void> never = gone.turn(1);
        Future<Void> next = last.turn(1);

        gone.leave();
        gone.leave();
        assertThat(next.isComplete()).isFalse();
        first.leave();

        assertThat(next.isComplete()).isTrue();
        assertThat(never.isComplete()).isFalse();
    }

    @Test
    void turnThatIsHad_isNotTakenTwice() {
        Turns.Place first = turns.new Place();
        assertThat(first.turn(1).isComplete()).isTrue();
        assertThat(first.turn(1).isComplete()).isTrue();
        first.leave();
        first.leave();

        Turns.Place second = turns.new Place();
        Turns.Place third = turns.new Place();
        assertThat(second.turn(1).isComplete()).isTrue();
        assertThat(third.turn(1).isComplete())
                .as("one place was given back, not two")
                .isFalse();
    }

    @Test
    void whoWaitsAgain_goesToTheEndOfTheLine() {
        Turns.Place first = turns.new Place();
        Turns.Place second = turns.new Place();
        var unused = first.turn(1);
        Future<Void> next = second.turn(1);

        first.leave();
        Future<Void> again = first.turn(1);

        assertThat(next.isComplete()).isTrue();
        assertThat(again.isComplete()).isFalse();
        second.leave();
        assertThat(again.isComplete()).isTrue();
    }
}
