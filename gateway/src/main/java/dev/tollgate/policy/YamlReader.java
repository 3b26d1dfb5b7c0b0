package dev.tollgate.policy;

import dev.tollgate.policy.YamlNode.Mapping;
import dev.tollgate.policy.YamlNode.Mark;
import dev.tollgate.policy.YamlNode.Member;
import dev.tollgate.policy.YamlNode.Scalar;
import dev.tollgate.policy.YamlNode.Sequence;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads one YAML document. Duplicate keys, several documents, own tags, and what passes a limit are faults, noted with their line. */
final class YamlReader {
    private static final int MAX_CHARACTERS = 4 * 1024 * 1024;
    private static final int MAX_DEPTH = 50;
    private static final int MAX_NODES = 200_000;
    private static final String STANDARD_TAGS = "tag:yaml.org,2002:";

    private final String source;
    private final boolean hasLines;
    private final List<PolicyError> errors;
    private int nodes;

    private YamlReader(String source, boolean hasLines, List<PolicyError> errors) {
        this.source = source;
        this.hasLines = hasLines;
        this.errors = errors;
    }

    /**
     * @param source names the file in messages
     * @param errors takes what is wrong
     * @return the document; null if it is empty or could not be read
     */
    static @Nullable YamlNode readFile(String source, String text, List<PolicyError> errors) {
        return new YamlReader(source, true, errors).read(text);
    }

    /** Reads the value of an override, which has no lines. */
    static @Nullable YamlNode readValue(String source, String text, List<PolicyError> errors) {
        return new YamlReader(source, false, errors).read(text);
    }

    private @Nullable YamlNode read(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(MAX_DEPTH);
        try {
            Node document = new Yaml(options).compose(new StringReader(text));
            return document == null ? null : convert(document, "", 0);
        } catch (MarkedYAMLException malformed) {
            var mark = malformed.getProblemMark();
            String context = malformed.getContext();
            add(
                    mark == null ? 0 : mark.getLine() + 1,
                    "",
                    "not YAML: " + (context == null ? "" : context + ", ") + malformed.getProblem());
        } catch (YAMLException malformed) {
            add(0, "", "not YAML: " + firstLine(malformed));
        }
        return null;
    }

    private static String firstLine(YAMLException malformed) {
        String message = malformed.getMessage();
        return message == null
                ? "it cannot be read"
                : message.lines().findFirst().orElse("");
    }

    private YamlNode convert(Node node, String path, int depth) {
        Mark mark = mark(node);
        nodes++;
        // Anchors may refer to themselves, or multiply without end.
        if (depth > MAX_DEPTH || nodes > MAX_NODES) {
            throw new YAMLException("more than " + MAX_DEPTH + " levels or " + MAX_NODES + " values");
        }
        if (!node.getTag().getValue().startsWith(STANDARD_TAGS)) {
            add(mark.line(), path, "the tag " + node.getTag().getValue() + " is not understood");
        }
        return switch (node) {
            case ScalarNode scalar -> new Scalar(scalar.getValue(), scalar.isPlain(), mark);
            case SequenceNode sequence -> sequence(sequence, path, depth, mark);
            case MappingNode mapping -> mapping(mapping, path, depth, mark);
            default -> throw new YAMLException("an anchor without a value");
        };
    }

    private Sequence sequence(SequenceNode node, String path, int depth, Mark mark) {
        List<YamlNode> items = new ArrayList<>();
        for (Node item : node.getValue()) {
            items.add(convert(item, path + "[" + items.size() + "]", depth + 1));
        }
        return new Sequence(items, mark);
    }

    private Mapping mapping(MappingNode node, String path, int depth, Mark mark) {
        Map<String, Member> members = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Mark at = mark(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                add(at.line(), path, "a key is not a text");
                continue;
            }
            String below = YamlPath.join(path, key.getValue());
            Member before = members.get(key.getValue());
            if (before != null) {
                add(
                        at.line(),
                        below,
                        "stands here a second time, first in line "
                                + before.key().line());
            } else {
                members.put(key.getValue(), new Member(at, convert(tuple.getValueNode(), below, depth + 1)));
            }
        }
        return new Mapping(members, mark);
    }

    private Mark mark(Node node) {
        return new Mark(source, hasLines ? node.getStartMark().getLine() + 1 : 0);
    }

    private void add(int line, String path, String message) {
        errors.add(new PolicyError(source, hasLines ? line : 0, path, message));
    }
}
