package dev.tollgate.console;

import dev.tollgate.approval.ShownCall;
import dev.tollgate.console.CallView.Field;
import dev.tollgate.console.CallView.Part;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of a call by the names that agents give them: Claude Code, Codex, OpenCode, Gemini CLI, OpenClaw and the text editor of
 * Anthropic's API. Arguments that are no strict JSON object, two members of one name among them, are not read: another reader could
 * understand them otherwise.
 */
final class CallReader {
    private static final List<String> COMMAND = List.of("command", "cmd", "script", "argv", "bash");
    private static final List<String> FOLDER =
            List.of("cwd", "workdir", "working_directory", "workingDirectory", "directory", "dir_path");
    private static final List<String> PATH =
            List.of("file_path", "filePath", "path", "notebook_path", "filename", "file");
    private static final List<String> OLD = List.of("old_string", "oldString", "old_str", "old_text", "oldText");
    private static final List<String> NEW =
            List.of("new_string", "newString", "new_str", "new_text", "newText", "insert_text", "new_source");
    private static final List<String> WHOLE = List.of("content", "contents", "file_text", "text");
    private static final List<String> PATCH = List.of("input", "patch", "patchText", "patch_text", "diff");

    /** Tools whose {@code command} is a word of their own, and nothing that is run. */
    private static final Pattern EDITOR = Pattern.compile("str_replace|text_editor|edit|write|replace|patch");

    private static final Pattern WRITER = Pattern.compile("write|create|save");
    private static final Pattern PATCHES =
            Pattern.compile("\\A\\s*(?:\\*\\*\\* Begin Patch|diff --git |--- \\S)|(?m:^@@ -\\d)");
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private final Json.Obj arguments;
    private final String tool;
    private final Set<String> shown = new LinkedHashSet<>();
    private final List<Part> parts = new ArrayList<>();
    private String does = "";

    private CallReader(Json.Obj arguments, String tool) {
        this.arguments = arguments;
        this.tool = tool.toLowerCase(Locale.ROOT);
    }

    static CallView read(ShownCall call) {
        if (PATCHES.matcher(call.arguments()).find()
                && !call.arguments().stripLeading().startsWith("{")) {
            Part patch = new Part.Change("", LineDiff.ofPatch(call.arguments()), List.of());
            return new CallView(
                    call.tool(), "applies a patch", List.of(patch), List.of(), call.arguments(), call.isWhole());
        }
        try {
            byte[] json = call.arguments().getBytes(StandardCharsets.UTF_8);
            CallReader reader = new CallReader(JsonReader.readObject(json), call.tool());
            reader.readParts();
            return new CallView(
                    call.tool(), reader.does, reader.parts, reader.others(), call.arguments(), call.isWhole());
        } catch (JsonRefused notRead) {
            return new CallView(call.tool(), "", List.of(), List.of(), call.arguments(), call.isWhole());
        }
    }

    private void readParts() {
        String path = peek(arguments, PATH);
        String command = EDITOR.matcher(tool).find() ? null : commandName();
        if (command != null) {
            // First of all: what is run must not pass for an edit because another argument looks like one.
            command(command);
        } else if (isEdit(arguments)) {
            does = "changes a file";
            shown.add(String.valueOf(nameOf(arguments, PATH)));
            parts.add(edit(arguments, path, shown));
        } else if (!arguments.elements("edits").isEmpty()
                && arguments.elements("edits").stream().allMatch(one -> one instanceof Json.Obj edit && isEdit(edit))) {
            does = "changes a file";
            shown.add(String.valueOf(nameOf(arguments, PATH)));
            shown.add("edits");
            arguments.elements("edits").forEach(one -> parts.add(edit((Json.Obj) one, path, null)));
        } else if (patch() != null) {
            does = "applies a patch";
            String name = String.valueOf(patch());
            shown.add(name);
            parts.add(new Part.Change("", LineDiff.ofPatch(String.valueOf(arguments.string(name))), List.of()));
        } else if (!path.isEmpty() && nameOf(arguments, WHOLE) != null && isWriter()) {
            does = "writes a whole file";
            shown.add(String.valueOf(nameOf(arguments, PATH)));
            parts.add(new Part.Change(path, LineDiff.added(take(arguments, WHOLE, shown)), List.of()));
        }
    }

    private boolean isWriter() {
        return WRITER.matcher(tool).find() || "create".equals(arguments.string("command"));
    }

    private static boolean isEdit(Json.Obj object) {
        return nameOf(object, NEW) != null;
    }

    /** The name of the member that is a patch. */
    private @Nullable String patch() {
        String name = nameOf(arguments, PATCH);
        String text = name == null ? null : arguments.string(name);
        return text != null && PATCHES.matcher(text).find() ? name : null;
    }

    /** @param noted told which members are shown; null for one of several edits, whose other members stand with it */
    private static Part edit(Json.Obj object, String path, @Nullable Set<String> noted) {
        Set<String> used = new LinkedHashSet<>();
        String old = take(object, OLD, used);
        String changed = take(object, NEW, used);
        if (noted != null) {
            noted.addAll(used);
        }
        return new Part.Change(path, LineDiff.of(old, changed), noted == null ? fields(object, used) : List.of());
    }

    private void command(String name) {
        does = "runs a command";
        shown.add(name);
        String folder = take(arguments, FOLDER, shown);
        parts.add(new Part.Command(commandLine(arguments.get(name)), folder));
    }

    private @Nullable String commandName() {
        return COMMAND.stream()
                .filter(name -> arguments.get(name) instanceof Json.Str || isWords(arguments.get(name)))
                .findFirst()
                .orElse(null);
    }

    private static boolean isWords(@Nullable Json value) {
        return value instanceof Json.Arr words
                && !words.elements().isEmpty()
                && words.elements().stream().allMatch(Json.Str.class::isInstance);
    }

    private static String commandLine(@Nullable Json value) {
        return switch (value) {
            case Json.Str text -> text.value();
            case Json.Arr words ->
                words.elements().stream()
                        .map(word -> quoted(((Json.Str) word).value()))
                        .collect(Collectors.joining(" "));
            case null, default -> throw new IllegalStateException("no command");
        };
    }

    /** A word as a shell would need it to be written. */
    private static String quoted(String word) {
        return PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private List<Field> others() {
        return fields(arguments, shown);
    }

    private static List<Field> fields(Json.Obj object, Set<String> but) {
        return object.members().entrySet().stream()
                .filter(member -> !but.contains(member.getKey()))
                .map(member -> new Field(member.getKey(), JsonLines.of(member.getValue())))
                .toList();
    }

    /** The first of these members that is a text. */
    private static @Nullable String nameOf(Json.Obj object, List<String> names) {
        return names.stream()
                .filter(name -> object.string(name) != null)
                .findFirst()
                .orElse(null);
    }

    private static String peek(Json.Obj object, List<String> names) {
        String name = nameOf(object, names);
        return name == null ? "" : String.valueOf(object.string(name));
    }

    /** The same, noted as shown; empty where there is none. */
    private static String take(Json.Obj object, List<String> names, Set<String> noted) {
        String name = nameOf(object, names);
        if (name == null) {
            return "";
        }
        noted.add(name);
        return String.valueOf(object.string(name));
    }
}
