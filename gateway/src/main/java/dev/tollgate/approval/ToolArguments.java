package dev.tollgate.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the arguments of a tool call tell to run, to touch and to reach. Read generously: what only might be a path is taken for one.
 *
 * @param isRead whether they are a JSON object, or none at all
 * @param members the object
 * @param text as the model wrote them
 * @param commands what is to be run, as a whole and command by command, without the folder of the program, blanks made one
 * @param paths files and folders, {@code .} and {@code ..} resolved
 * @param hosts hosts of addresses, in small letters
 */
record ToolArguments(
        boolean isRead,
        Map<String, Object> members,
        String text,
        List<String> commands,
        List<String> paths,
        List<String> hosts) {
    private static final int MAX_DEPTH = 64;
    private static final JsonMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .build();
    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};

    /** Names of arguments that hold something to run. */
    private static final Set<String> RUN =
            Set.of("command", "cmd", "script", "shell", "commands", "bash", "code", "argv");

    private static final Pattern PATH_NAME = Pattern.compile("path|file|dir|folder|cwd|target|source|dest");
    private static final Pattern SEPARATOR = Pattern.compile("[;\\n|&]|\\$\\(|[`()]");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    /** What stands before a program without being one: assignments, and programs that run another. */
    private static final Pattern PREFIX = Pattern.compile(
            "^(?:[A-Za-z_][A-Za-z_0-9]*=\\S* |(?:sudo|env|nohup|time|exec|command|nice|xargs|doas)(?: -\\S+)* )");

    private static final Pattern SHELL = Pattern.compile("^(?:ba|z|da|k)?sh -\\S*c (.*)$");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\\s\"'<>\\\\]{1,2000}");

    static ToolArguments of(String text) {
        Draft draft = new Draft();
        boolean isRead = true;
        Map<String, Object> members = Map.of();
        try {
            JsonNode json = MAPPER.readTree(text.isBlank() ? "{}" : text);
            isRead = json.isObject();
            if (isRead) {
                members = MAPPER.convertValue(json, MEMBERS);
                draft.node("", json);
            }
        } catch (JsonProcessingException | IllegalArgumentException notJson) {
            isRead = false;
        }
        return new ToolArguments(
                isRead, members, text, List.copyOf(draft.commands), List.copyOf(draft.paths), List.copyOf(draft.hosts));
    }

    @Override
    public String toString() {
        return "ToolArguments[" + text.length() + " characters, redacted]";
    }

    private static final class Draft {
        private final Set<String> commands = new LinkedHashSet<>();
        private final Set<String> paths = new LinkedHashSet<>();
        private final Set<String> hosts = new LinkedHashSet<>();

        void node(String name, JsonNode node) {
            if (node.isTextual()) {
                text(name, node.asText());
            } else if (node.isArray() && RUN.contains(name)) {
                List<String> words = new ArrayList<>();
                node.forEach(word -> words.add(word.asText()));
                run(String.join(" ", words));
                node.forEach(word -> text("", word.asText()));
            } else if (node.isArray()) {
                node.forEach(element -> node(name, element));
            } else if (node.isObject()) {
                node.properties().forEach(member -> node(member.getKey().toLowerCase(Locale.ROOT), member.getValue()));
            }
        }

        private void text(String name, String value) {
            Matcher addresses = ADDRESS.matcher(value);
            while (addresses.find()) {
                host(addresses.group());
            }
            if (RUN.contains(name)) {
                run(value);
            } else if (PATH_NAME.matcher(name).find()) {
                path(value);
            }
        }

        /** Taken apart by hand: names that no resolver should take, such as those with underlines, are reached all the same. */
        private void host(String address) {
            String authority = address.substring(address.indexOf("://") + "://".length())
                    .replaceFirst("[/?#].*$", "")
                    .replaceFirst("^.*@", "");
            hosts.add(authority.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT));
        }

        private void run(String script) {
            String whole = BLANKS.matcher(script.strip()).replaceAll(" ");
            commands.add(whole);
            SEPARATOR
                    .splitAsStream(script)
                    .forEach(part -> simple(BLANKS.matcher(part.strip()).replaceAll(" ")));
        }

        private void simple(String part) {
            String command = withoutHalfAQuotation(part);
            for (Matcher prefix = PREFIX.matcher(command); prefix.find(); prefix = PREFIX.matcher(command)) {
                command = command.substring(prefix.end());
            }
            Matcher shell = SHELL.matcher(command);
            if (shell.find()) {
                String inner = unquoted(shell.group(1));
                if (!commands.contains(inner)) {
                    run(inner);
                }
            }
            if (command.isEmpty()) {
                return;
            }
            int blank = command.indexOf(' ');
            String program = blank < 0 ? command : command.substring(0, blank);
            commands.add(program.substring(program.lastIndexOf('/') + 1) + (blank < 0 ? "" : command.substring(blank)));
            BLANKS.splitAsStream(command).forEach(word -> {
                String plain = unquoted(word);
                if (plain.indexOf('/') >= 0 || plain.startsWith("~") || plain.startsWith(".")) {
                    path(plain.replaceFirst("^[0-9]*[<>]+", ""));
                }
            });
        }

        private void path(String value) {
            if (value.contains("://") || value.isBlank() || value.indexOf('\0') >= 0) {
                return;
            }
            paths.add(Path.of(value.strip()).normalize().toString());
        }

        /** What a separator inside a quotation has left: {@code rm x'}. */
        private static String withoutHalfAQuotation(String part) {
            String rest = part;
            for (char quote : new char[] {'\'', '"'}) {
                boolean isOdd = rest.chars().filter(c -> c == quote).count() % 2 == 1;
                if (isOdd && rest.charAt(rest.length() - 1) == quote) {
                    rest = rest.substring(0, rest.length() - 1).stripTrailing();
                } else if (isOdd && rest.charAt(0) == quote) {
                    rest = rest.substring(1).stripLeading();
                }
            }
            return rest;
        }

        private static String unquoted(String word) {
            boolean isQuoted = word.length() > 1
                    && (word.charAt(0) == '"' || word.charAt(0) == '\'')
                    && word.charAt(word.length() - 1) == word.charAt(0);
            return isQuoted ? word.substring(1, word.length() - 1) : word;
        }
    }
}
