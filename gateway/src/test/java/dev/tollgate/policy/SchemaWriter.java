package dev.tollgate.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.policy.Setting.Shape;
import dev.tollgate.value.NanoUsd;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON Schema of bundle files. Draft 7, which the YAML language server reads best. It accepts all that the loader accepts, and refuses what is
 * wrong by itself; what is wrong only together with something else (an id twice, half a TLS pair) is left to the loader.
 */
final class SchemaWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REFERENCE = "\\$\\{";

    /** Types written as texts of a certain form. */
    private static final Map<Class<?>, String> FORMS = Map.of(
            Integer.class, "^-?[0-9][0-9_]*$",
            Long.class, "^-?[0-9][0-9_]*$",
            Double.class, "^-?[0-9.]+([eE][-+]?[0-9]+)?$",
            Duration.class, "^[0-9]{1,9}(ms|s|m|h|d)$",
            ByteSize.class, "^[0-9]{1,12} ?(B|KiB|MiB|GiB)?$",
            NanoUsd.class, "^\\$?[0-9]+(\\.[0-9]{1,9})?$",
            Quantity.class, "^\\$?[0-9][0-9_]*(\\.[0-9]{1,9})?$",
            Boolean.class, "^(true|false)$");

    private static final Map<Class<?>, String> JSON_TYPES = Map.of(
            Integer.class,
            "integer",
            Long.class,
            "integer",
            Double.class,
            "number",
            ByteSize.class,
            "integer",
            NanoUsd.class,
            "number",
            Quantity.class,
            "number");

    private SchemaWriter() {}

    static String write(List<Setting> sections) throws JsonProcessingException {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "Tollgate policy bundle");
        schema.put(
                "description",
                "One file of a policy bundle. Each section stands in one file of the bundle's folder; providers and models may be spread.");
        properties(schema, sections, true);
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(DefaultPrettyPrinter.NopIndenter.instance);
        return JSON.writer(printer).writeValueAsString(schema) + "\n";
    }

    private static void properties(ObjectNode schema, List<Setting> settings, boolean isRequired) {
        schema.put("type", "object").put("additionalProperties", false);
        ArrayNode required = JSON.createArrayNode();
        ObjectNode properties = schema.putObject("properties");
        for (Setting setting : settings) {
            ObjectNode property = properties.putObject(setting.key());
            property.put("description", description(setting));
            if (setting.standard() != null && !(setting.shape() instanceof Shape.Keys)) {
                property.set("default", JSON.valueToTree(plain(setting.standard())));
            }
            ArrayNode any = property.putArray("anyOf");
            shape(any, setting.shape(), setting.bounds(), setting.required());
            if (setting.required() && isRequired) {
                required.add(setting.key());
            } else {
                any.addObject().put("type", "null");
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
    }

    private static String description(Setting setting) {
        String bounds =
                setting.bounds().map(range -> " Allowed: " + range + ".").orElse("");
        StringBuilder text = new StringBuilder(Setting.sentence(setting.text()) + bounds);
        if (setting.shape() instanceof Shape.Choice(Map<String, String> meanings)) {
            meanings.forEach((name, meaning) ->
                    text.append("\n- ").append(name).append(": ").append(meaning));
        }
        return text.toString();
    }

    private static void shape(ArrayNode any, Shape shape, Optional<Bounds> bounds, boolean isFilled) {
        switch (shape) {
            case Shape.Single(Class<?> type) -> single(any, type, bounds);
            case Shape.Choice(Map<String, String> meanings) -> {
                ArrayNode names = any.addObject().putArray("enum");
                meanings.keySet().forEach(names::add);
                any.addObject().put("type", "string").put("pattern", REFERENCE);
            }
            case Shape.Keys keys -> properties(any.addObject(), keys.settings(), keys.type() != ProviderEntry.class);
            case Shape.Named(Shape item) ->
                shape(any.addObject().put("type", "object").putObject("additionalProperties"), item);
            case Shape.OneOrMany ignored -> {
                single(any, String.class, Optional.empty());
                single(
                        any.addObject().put("type", "array").putObject("items").putArray("anyOf"),
                        String.class,
                        Optional.empty());
            }
            case Shape.Many(Shape item) -> {
                ObjectNode list = any.addObject().put("type", "array");
                if (isFilled) {
                    list.put("minItems", 1);
                }
                shape(list.putObject("items"), item);
            }
        }
    }

    private static void shape(ObjectNode schema, Shape shape) {
        ArrayNode any = schema.putArray("anyOf");
        shape(any, shape, Optional.empty(), false);
        // What the catalog knows of a provider may be taken over as it is, with nothing said.
        if (shape instanceof Shape.Keys keys && keys.type() == ProviderEntry.class) {
            any.addObject().put("type", "null");
        }
    }

    private static void single(ArrayNode any, Class<?> type, Optional<Bounds> bounds) {
        if (type == String.class || type == Path.class || type == ZoneId.class) {
            any.addObject().putArray("type").add("string").add("number").add("boolean");
            return;
        }
        if (type == Boolean.class) {
            any.addObject().put("type", "boolean");
        } else if (JSON_TYPES.containsKey(type)) {
            ObjectNode number = any.addObject().put("type", JSON_TYPES.get(type));
            bounds.ifPresent(range -> limit(number, type, range.range()));
        }
        any.addObject().put("type", "string").put("pattern", FORMS.get(type) + "|" + REFERENCE);
    }

    private static void limit(ObjectNode number, Class<?> type, Range range) {
        put(number, "minimum", type, range.min());
        put(number, "exclusiveMinimum", type, range.above());
        put(number, "maximum", type, range.max());
    }

    private static void put(ObjectNode number, String keyword, Class<?> type, String end) {
        if (!end.isEmpty()) {
            number.set(
                    keyword, JSON.valueToTree(number(Scalars.kind(type).parse().apply(end))));
        }
    }

    private static Object number(Object value) {
        return value instanceof ByteSize size ? size.bytes() : plain(value);
    }

    /** A value as JSON has it. */
    private static Object plain(Object value) {
        return switch (value) {
            case NanoUsd amount -> new BigDecimal(amount.toString().substring(1));
            case Quantity quantity -> quantity.number();
            case Names names when names.all().size() == 1 -> names.all().get(0);
            case Names names -> plain(names.all());
            case Duration duration -> Scalars.written(duration);
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            case Iterable<?> items
            when !(value instanceof Path) -> {
                ArrayNode list = JSON.createArrayNode();
                items.forEach(item -> list.add(JSON.valueToTree(plain(item))));
                yield list;
            }
            case Number number -> number;
            case Boolean flag -> flag;
            case Map<?, ?> map when map.isEmpty() -> map;
            case Record entry when !Scalars.isScalar(entry.getClass()) -> members(entry);
            default -> value.toString();
        };
    }

    private static ObjectNode members(Record entry) {
        ObjectNode members = JSON.createObjectNode();
        for (RecordComponent component : entry.getClass().getRecordComponents()) {
            members.set(Binder.key(component), JSON.valueToTree(plain(ReferenceWriter.value(component, entry))));
        }
        return members;
    }
}
