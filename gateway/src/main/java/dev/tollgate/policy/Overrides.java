package dev.tollgate.policy;

import dev.tollgate.policy.YamlNode.Mapping;
import dev.tollgate.policy.YamlNode.Mark;
import dev.tollgate.policy.YamlNode.Member;
import dev.tollgate.policy.YamlNode.Scalar;
import dev.tollgate.policy.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code path=value} over what the files say. The value is YAML ({@code 5}, {@code [a, b]}, {@code {model: x/y}}); nothing takes a key away. A
 * list element is named by its index or by its {@code id}: {@code budget.budgets.key-daily.limit=5}.
 */
final class Overrides {
    private Overrides() {}

    static Mapping apply(Mapping root, List<String> overrides, List<PolicyError> errors) {
        Mapping changed = root;
        for (String override : overrides) {
            int equals = override.indexOf('=');
            String path = equals < 0 ? override : override.substring(0, equals).trim();
            Mark mark = new Mark("--set " + path, 0);
            try {
                if (equals < 1) {
                    throw new IllegalArgumentException(
                            "not of the form path=value, such as server.data_plane.port=9000");
                }
                List<String> segments = YamlPath.segments(path);
                YamlNode value = YamlReader.readValue(mark.source(), override.substring(equals + 1), errors);
                YamlNode said = value == null ? new Scalar("", true, mark) : value;
                changed = (Mapping) replace(changed, segments, said, mark);
            } catch (IllegalArgumentException refused) {
                errors.add(new PolicyError(mark.source(), 0, "", String.valueOf(refused.getMessage())));
            }
        }
        return changed;
    }

    private static YamlNode replace(YamlNode node, List<String> segments, YamlNode value, Mark mark) {
        if (segments.isEmpty()) {
            return value;
        }
        String segment = segments.get(0);
        List<String> rest = segments.subList(1, segments.size());
        return switch (node) {
            case Mapping mapping -> {
                Member member = mapping.members().get(segment);
                YamlNode below =
                        member == null || member.value().isNull() ? new Mapping(Map.of(), mark) : member.value();
                yield mapping.with(segment, new Member(mark, replace(below, rest, value, mark)));
            }
            case Sequence sequence -> {
                List<YamlNode> items = new ArrayList<>(sequence.items());
                int index = index(items, segment);
                items.set(index, replace(items.get(index), rest, value, mark));
                yield new Sequence(items, sequence.mark());
            }
            case Scalar scalar ->
                throw new IllegalArgumentException(
                        "there is a single value above " + segment + ", at " + scalar.mark());
        };
    }

    private static int index(List<YamlNode> items, String segment) {
        for (int i = 0; i < items.size(); i++) {
            if (segment.equals(Integer.toString(i)) || segment.equals(id(items.get(i)))) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "the list has no element " + segment + "; it has " + items.size() + ", named by index from 0 or by id");
    }

    private static String id(YamlNode item) {
        return item instanceof Mapping mapping && mapping.get("id") instanceof Scalar id ? id.text() : "";
    }
}
