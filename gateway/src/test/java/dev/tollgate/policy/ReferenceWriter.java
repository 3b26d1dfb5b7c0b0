package dev.tollgate.policy;

import dev.tollgate.policy.Setting.Shape;
import dev.tollgate.value.NanoUsd;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The configuration reference: every key of a bundle, by section, as Markdown. */
final class ReferenceWriter {
    private static final Map<Class<?>, String> TYPES = Map.of(
            String.class, "text",
            Path.class, "path",
            ZoneId.class, "time zone",
            Integer.class, "whole number",
            Double.class, "number",
            Boolean.class, "`true` or `false`",
            Duration.class, "duration",
            ByteSize.class, "size",
            NanoUsd.class, "dollars",
            Quantity.class, "number");

    private static final Pattern PLAIN = Pattern.compile("[\\w.*/:+-]+");

    private final StringBuilder out = new StringBuilder();

    private ReferenceWriter() {}

    /** @param head what stands before the sections */
    static String write(String head, List<Setting> sections) {
        ReferenceWriter writer = new ReferenceWriter();
        writer.out.append(head.strip()).append("\n\n## Sections\n\n");
        sections.forEach(section -> writer.line(
                "- [`" + section.key() + "`](#" + anchor(section) + "): " + Setting.sentence(section.text())));
        sections.forEach(section -> writer.part("##", section.key(), section.shape()));
        return writer.out.toString();
    }

    /** How a heading is linked to: in small letters, without dots. */
    private static String anchor(Setting section) {
        return section.key() + (section.shape() instanceof Shape.Named ? "name" : "");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private void part(String heading, String path, Shape shape) {
        switch (shape) {
            case Shape.Keys keys -> {
                line("\n" + heading + " `" + path + "`\n");
                line(keys.text() + "\n");
                line("| key | what may stand there | default | what it is |");
                line("|---|---|---|---|");
                keys.settings().forEach(this::row);
                keys.settings().forEach(setting -> part("###", path + "." + setting.key(), setting.shape()));
            }
            case Shape.Many(Shape item) -> part(heading, path + "[]", item);
            case Shape.Named(Shape item) -> part(heading, path + ".NAME", item);
            case Shape.Single ignored -> {}
            case Shape.OneOrMany ignored -> {}
            case Shape.Choice ignored -> {}
        }
    }

    private void row(Setting setting) {
        String type = type(setting.shape())
                + setting.bounds().map(range -> ", " + range).orElse("");
        line("| `" + setting.key() + "` | " + type + " | " + standard(setting) + " | "
                + (Setting.sentence(setting.text()) + meanings(setting.shape())).replace("|", "\\|") + " |");
    }

    private static String type(Shape shape) {
        return switch (shape) {
            case Shape.Single(Class<?> type) -> TYPES.get(type == Long.class ? Integer.class : type);
            case Shape.Choice(Map<String, String> meanings) -> "`" + String.join("`, `", meanings.keySet()) + "`";
            case Shape.OneOrMany ignored -> "text or list of: text";
            case Shape.Keys ignored -> "keys, below";
            case Shape.Many(Shape.Keys ignored) -> "list, below";
            case Shape.Many(Shape item) -> "list of: " + type(item);
            case Shape.Named(Shape.Keys ignored) -> "names with keys, below";
            case Shape.Named(Shape item) -> "names, each with: " + type(item);
        };
    }

    private static String meanings(Shape shape) {
        StringBuilder text = new StringBuilder();
        if (shape instanceof Shape.Choice(Map<String, String> meanings)) {
            meanings.forEach((name, meaning) -> text.append("<br>`" + name + "`: " + meaning));
        }
        return text.toString();
    }

    private static String standard(Setting setting) {
        if (setting.required()) {
            return "**required**";
        }
        if (setting.shape() instanceof Shape.Keys) {
            return "";
        }
        return standard(setting.standard());
    }

    private static String standard(@Nullable Object value) {
        return switch (value) {
            case null -> "none";
            case Path path -> "`" + path + "`";
            case String text when text.isEmpty() -> "none";
            case Map<?, ?> map when map.isEmpty() -> "none";
            case Collection<?> items when items.isEmpty() -> "none";
            case Names names when names.all().isEmpty() -> "none";
            case Duration duration -> "`" + Scalars.written(duration) + "`";
            case Enum<?> constant -> "`" + constant.name().toLowerCase(Locale.ROOT) + "`";
            case Collection<?> items ->
                items.stream().map(ReferenceWriter::item).collect(Collectors.joining(", ", "`[", "]`"));
            default -> "`" + value + "`";
        };
    }

    /** Quoted where it would not be told from its neighbours; a bar would end the cell of its table. */
    private static String item(Object value) {
        if (value instanceof Collection<?> items) {
            return items.stream().map(ReferenceWriter::item).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Record entry) {
            return Arrays.stream(entry.getClass().getRecordComponents())
                    .map(member -> member.getName() + ": " + item(value(member, entry)))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        String text = value.toString();
        return (PLAIN.matcher(text).matches() ? text : '"' + text.replace("\n", "\\n") + '"').replace("|", "\\|");
    }

    static Object value(RecordComponent member, Record entry) {
        try {
            return member.getAccessor().invoke(entry);
        } catch (ReflectiveOperationException notAccessible) {
            throw new IllegalStateException(notAccessible);
        }
    }
}
