package dev.tollgate.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tollgate.exchange.Asking;
import dev.tollgate.exchange.Searched;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Members of a {@link Verdict} as they are read, one after the other. */
final class VerdictMembers {
    private String stage = "";
    private String result = "";
    private String code = "";
    private List<String> rules = List.of();
    private String detail = "";
    private long micros;
    private double score;
    private long searchedBytes;
    private String rulesVersion = "";
    private final List<Asking> asking = new ArrayList<>();
    private long toolsHeld;
    private long toolsApproved;
    private long toolsDenied;

    Verdict read(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "stage" -> stage = parser.getText();
                case "result" -> result = parser.getText();
                case "code" -> code = parser.getText();
                case "rules" -> rules = RecordReader.strings(parser);
                case "detail" -> detail = parser.getText();
                case "micros" -> micros = parser.getLongValue();
                case "score" -> score = parser.getDoubleValue();
                case "searched_bytes" -> searchedBytes = parser.getLongValue();
                case "rules_version" -> rulesVersion = parser.getText();
                case "asking" -> asking(parser);
                case "tools_held" -> toolsHeld = parser.getLongValue();
                case "tools_approved" -> toolsApproved = parser.getLongValue();
                case "tools_denied" -> toolsDenied = parser.getLongValue();
                default -> parser.skipChildren();
            }
        }
        Searched searched = rulesVersion.isEmpty() ? Searched.NOTHING : new Searched(searchedBytes, rulesVersion);
        ToolCount tools = new ToolCount(toolsHeld, toolsApproved, toolsDenied);
        return new Verdict(stage, result, code, rules, detail, micros, score, searched, asking, tools);
    }

    private void asking(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String rule = "";
            String reason = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "rule" -> rule = parser.getText();
                    case "reason" -> reason = parser.getText();
                    default -> parser.skipChildren();
                }
            }
            asking.add(new Asking(rule, reason));
        }
    }
}
