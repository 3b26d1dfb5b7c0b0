package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.NanoUsd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls of a session in their order, with what they came to by then, and the agents that made them as a tree.
 *
 * @param steps one per call, oldest first
 * @param lanes the agents, each behind the one that started it
 */
record SessionTimeline(List<Step> steps, List<Lane> lanes) {
    /** What the whole width of a timeline is cut into. */
    static final int WIDTH = 1000;

    private static final int LEAST_WIDTH = 6;
    private static final long NANOS_PER_MICRO = 1000;

    SessionTimeline {
        steps = List.copyOf(steps);
        lanes = List.copyOf(lanes);
    }

    /**
     * One call.
     *
     * @param number from 1
     * @param lane name of the agent that made it
     * @param depth how deep that agent stands below the session's own
     * @param since from the first call to this one
     * @param costSoFar nano-dollars of all calls up to this one
     * @param left where it begins, of {@link #WIDTH}
     * @param width how long it took, of {@link #WIDTH}
     */
    record Step(
            int number,
            ExchangeView exchange,
            String lane,
            int depth,
            Duration since,
            long costSoFar,
            int left,
            int width) {
        /** Rules that fired, at whatever stage. */
        List<String> rules() {
            return exchange.verdicts().stream()
                    .flatMap(verdict -> verdict.rules().stream())
                    .distinct()
                    .toList();
        }

        /** What a stage had to say that is worth a line: why it was stopped, held, or changed. */
        List<String> remarks() {
            return exchange.verdicts().stream()
                    .filter(Step::isRemarkable)
                    .map(verdict ->
                            verdict.stage() + ": " + (verdict.detail().isEmpty() ? verdict.code() : verdict.detail()))
                    .toList();
        }

        private static boolean isRemarkable(Verdict verdict) {
            return switch (verdict.result()) {
                case "deny", "hold", "failed", "would_deny", "would_hold" -> true;
                default -> !verdict.detail().isEmpty() && !verdict.rules().isEmpty();
            };
        }

        boolean wasHeld() {
            return exchange.verdicts().stream()
                    .anyMatch(verdict -> verdict.result().equals("hold"));
        }
    }

    /**
     * One agent.
     *
     * @param name of the agent, or of the helper
     * @param depth 0 for those that the keys are for
     * @param calls it made
     * @param costNanos they cost
     */
    record Lane(String name, int depth, int calls, long costNanos) {}

    /** @param rows of one session, oldest first */
    static SessionTimeline of(List<ExchangeRow> rows) {
        if (rows.isEmpty()) {
            return new SessionTimeline(List.of(), List.of());
        }
        Instant first = rows.getFirst().received().at();
        Instant last =
                rows.stream().map(SessionTimeline::end).max(Instant::compareTo).orElse(first);
        double scale =
                WIDTH / (double) Math.max(1, Duration.between(first, last).toMillis());
        List<Step> steps = new ArrayList<>();
        long cost = 0;
        for (ExchangeRow row : rows) {
            ExchangeView exchange = new ExchangeView(row);
            NanoUsd own = exchange.cost();
            cost += own == null ? 0 : own.nanos();
            Duration since = Duration.between(first, row.received().at());
            int width = (int) Math.max(
                    LEAST_WIDTH, Duration.between(row.received().at(), end(row)).toMillis() * scale);
            int left = (int) Math.min(WIDTH - LEAST_WIDTH, since.toMillis() * scale);
            steps.add(new Step(
                    steps.size() + 1,
                    exchange,
                    lane(exchange),
                    exchange.labels().depth(),
                    since,
                    cost,
                    left,
                    Math.min(width, WIDTH - left)));
        }
        return new SessionTimeline(steps, lanes(steps));
    }

    private static Instant end(ExchangeRow row) {
        long micros = row.ended().map(Ended::durationMicros).orElse(0L);
        return row.received().at().plusNanos(micros * NANOS_PER_MICRO);
    }

    private static String lane(ExchangeView exchange) {
        String helper = exchange.labels().subAgent();
        return helper.isEmpty() ? exchange.agent() : helper;
    }

    private static List<Lane> lanes(List<Step> steps) {
        Map<String, List<Step>> byLane = new LinkedHashMap<>();
        Map<String, String> parents = new LinkedHashMap<>();
        for (Step step : steps) {
            byLane.computeIfAbsent(step.lane, first -> new ArrayList<>()).add(step);
            String parent = step.exchange.labels().parent();
            boolean isHelper = !step.exchange.labels().subAgent().isEmpty();
            parents.putIfAbsent(step.lane, !isHelper ? "" : parent.isEmpty() ? step.exchange.agent() : parent);
        }
        List<Lane> lanes = new ArrayList<>();
        for (String lane : byLane.keySet()) {
            // A helper whose starter makes no call here stands at the top.
            if (!byLane.containsKey(parents.getOrDefault(lane, "")) || lane.equals(parents.get(lane))) {
                add(lane, 0, byLane, parents, lanes);
            }
        }
        // Helpers that name each other as their starters are told all the same.
        for (String lane : byLane.keySet()) {
            if (lanes.stream().noneMatch(told -> told.name.equals(lane))) {
                lanes.add(sum(lane, 1, byLane));
            }
        }
        return lanes;
    }

    private static void add(
            String lane, int depth, Map<String, List<Step>> byLane, Map<String, String> parents, List<Lane> lanes) {
        lanes.add(sum(lane, depth, byLane));
        for (String other : byLane.keySet()) {
            boolean isChild = lane.equals(parents.get(other)) && !other.equals(lane);
            if (isChild && lanes.stream().noneMatch(told -> told.name.equals(other))) {
                add(other, depth + 1, byLane, parents, lanes);
            }
        }
    }

    private static Lane sum(String lane, int depth, Map<String, List<Step>> byLane) {
        List<Step> own = byLane.getOrDefault(lane, List.of());
        long cost = own.stream()
                .map(step -> step.exchange.cost())
                .mapToLong(one -> one == null ? 0 : one.nanos())
                .sum();
        return new Lane(lane, depth, own.size(), cost);
    }

    /** From the first call to the end of the last. */
    Duration length() {
        if (steps.isEmpty()) {
            return Duration.ZERO;
        }
        Instant first = steps.getFirst().exchange.received().at();
        Instant last = steps.stream()
                .map(step -> end(step.exchange.row()))
                .max(Instant::compareTo)
                .orElse(first);
        return Duration.between(first, last);
    }

    long costNanos() {
        return steps.isEmpty() ? 0 : steps.getLast().costSoFar;
    }

    long withResult(String result) {
        return steps.stream()
                .filter(step -> step.exchange.result().equals(result))
                .count();
    }

    long held() {
        return steps.stream().filter(Step::wasHeld).count();
    }
}
