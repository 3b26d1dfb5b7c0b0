package dev.tollgate.exchange;

import java.util.List;

/**
 * What one stage said of an exchange, for the record.
 *
 * @param stage id of the stage
 * @param result {@code proceed}, {@code deny}, {@code hold}, {@code would_deny}, {@code would_hold} or {@code failed}
 * @param code stable lower_snake_case reason; {@code ok} where there is none
 * @param rules ids of the rules that fired, in order, without matched text
 * @param detail one sentence for people; empty where there is none; never prompt text
 * @param micros how long the stage took, in microseconds
 * @param score how sure the stage is that the call is an attack, 0 to 1; 0 for stages that give none
 * @param searched what it has searched, and by which rules
 * @param asking what a person is to look at before the call is sent
 * @param tools what became of calls of tools in the reply
 */
public record Verdict(
        String stage,
        String result,
        String code,
        List<String> rules,
        String detail,
        long micros,
        double score,
        Searched searched,
        List<Asking> asking,
        ToolCount tools) {
    public Verdict {
        rules = List.copyOf(rules);
        asking = List.copyOf(asking);
    }

    public Verdict(
            String stage, String result, String code, List<String> rules, String detail, long micros, double score) {
        this(stage, result, code, rules, detail, micros, score, Searched.NOTHING, List.of(), ToolCount.NONE);
    }

    public Verdict(String stage, String result, String code, List<String> rules, String detail, long micros) {
        this(stage, result, code, rules, detail, micros, 0);
    }

    public Verdict withScore(double given) {
        return new Verdict(stage, result, code, rules, detail, micros, given, searched, asking, tools);
    }

    public Verdict withSearched(Searched texts) {
        return new Verdict(stage, result, code, rules, detail, micros, score, texts, asking, tools);
    }

    public Verdict withAsking(List<Asking> wanted) {
        return new Verdict(stage, result, code, rules, detail, micros, score, searched, wanted, tools);
    }

    public Verdict withTools(ToolCount judged) {
        return new Verdict(stage, result, code, rules, detail, micros, score, searched, asking, judged);
    }
}
