package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Splice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The definitions of tools in a request, and the request without some of them. */
public final class ToolDefinitions {
    /** Members that define tools. */
    private static final List<String> LISTS = List.of("tools", "functions");
    /** Members that mean nothing, or are refused, where no tool is defined. */
    private static final Set<String> BESIDE =
            Set.of("tool_choice", "function_call", "parallel_tool_calls", "toolConfig", "tool_config");

    private static final List<String> DECLARATIONS = List.of("functionDeclarations", "function_declarations");

    private final byte[] bytes;
    private final Predicate<String> isStripped;
    private final List<Splice> splices = new ArrayList<>();
    private final Set<String> stripped = new HashSet<>();

    private ToolDefinitions(byte[] bytes, Predicate<String> isStripped) {
        this.bytes = bytes;
        this.isStripped = isStripped;
    }

    /**
     * The changes that take definitions out of a request, with what refers to them.
     *
     * @param bytes of the request
     * @param isStripped whether the tool of a name is taken out
     */
    public static List<Splice> without(byte[] bytes, Json.Obj body, Predicate<String> isStripped) {
        return new ToolDefinitions(bytes, isStripped).strip(body);
    }

    private List<Splice> strip(Json.Obj body) {
        Set<String> dropped = new HashSet<>();
        boolean anyLeft = false;
        for (String list : LISTS) {
            if (body.get(list) instanceof Json.Arr definitions
                    && !definitions.elements().isEmpty()) {
                List<Splice> within = new ArrayList<>();
                if (strip(definitions, within)) {
                    anyLeft = true;
                    splices.addAll(within);
                } else {
                    dropped.add(list);
                }
            }
        }
        for (String name : BESIDE) {
            Json beside = body.get(name);
            if (beside != null && !stripped.isEmpty() && (!anyLeft || names(beside))) {
                dropped.add(name);
            }
        }
        remove(body, dropped);
        return splices;
    }

    /** Whether some definition is left. */
    private boolean strip(Json.Arr definitions, List<Splice> within) {
        List<Json> elements = definitions.elements();
        boolean[] goes = new boolean[elements.size()];
        boolean anyLeft = false;
        for (int i = 0; i < goes.length; i++) {
            goes[i] = elements.get(i) instanceof Json.Obj tool && goes(tool, within);
            anyLeft |= !goes[i];
        }
        if (anyLeft) {
            int[] starts = elements.stream().mapToInt(Json::start).toArray();
            int[] ends = elements.stream().mapToInt(Json::end).toArray();
            cut(goes, starts, ends, within);
        }
        return anyLeft;
    }

    private boolean goes(Json.Obj tool, List<Splice> within) {
        for (String name : DECLARATIONS) {
            if (tool.get(name) instanceof Json.Arr declarations
                    && tool.members().size() == 1) {
                return !declarations.elements().isEmpty() && !strip(declarations, within);
            }
        }
        String name = FactsDraft.nameOf(tool);
        boolean isBuiltIn = name == null && tool.members().size() == 1;
        String called = isBuiltIn ? tool.members().keySet().iterator().next() : name;
        if (called != null && isStripped.test(called)) {
            stripped.add(called);
            return true;
        }
        return false;
    }

    /** Whether a value names a tool that is taken out. */
    private boolean names(Json value) {
        return switch (value) {
            case Json.Str text -> stripped.contains(text.value());
            case Json.Arr array -> array.elements().stream().anyMatch(this::names);
            case Json.Obj object -> object.members().values().stream().anyMatch(this::names);
            case Json.Num unused -> false;
            case Json.Bool unused -> false;
            case Json.Null unused -> false;
        };
    }

    private void remove(Json.Obj body, Set<String> names) {
        if (names.isEmpty()) {
            return;
        }
        int size = body.members().size();
        boolean[] goes = new boolean[size];
        int[] starts = new int[size];
        int[] ends = new int[size];
        int i = 0;
        for (Map.Entry<String, Json> member : body.members().entrySet()) {
            goes[i] = names.contains(member.getKey());
            starts[i] = keyStart(member.getValue().start());
            ends[i] = member.getValue().end();
            i++;
        }
        cut(goes, starts, ends, splices);
    }

    /** Cuts things out of a list, each with the comma that parts it from one that stays. */
    private static void cut(boolean[] goes, int[] starts, int[] ends, List<Splice> cuts) {
        boolean stays = false;
        for (int i = 0; i < goes.length; i++) {
            if (!goes[i]) {
                stays = true;
            } else if (stays) {
                cuts.add(Splice.of(ends[i - 1], ends[i], ""));
            } else {
                cuts.add(Splice.of(starts[i], i + 1 < goes.length ? starts[i + 1] : ends[i], ""));
            }
        }
    }

    /** Where the name of a member begins, going back from its value. */
    private int keyStart(int valueStart) {
        int at = valueStart - 1;
        while (bytes[at] != '"') {
            at--;
        }
        do {
            at--;
        } while (bytes[at] != '"' || isEscaped(at));
        return at;
    }

    private boolean isEscaped(int at) {
        int slashes = 0;
        while (bytes[at - 1 - slashes] == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }
}
