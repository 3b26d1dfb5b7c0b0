package dev.tollgate.wire;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Splice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a wire has found out so far, until it becomes {@link Facts}. */
final class FactsDraft {
    private static final int MAX_CHOICES = 1_000_000;

    private final Reading reading;
    private final List<String> toolNames = new ArrayList<>();
    private @Nullable String model;
    private int modelStart = -1;
    private int modelEnd = -1;
    private boolean streams;
    private @Nullable Long maxOutputTokens;
    private int choices = 1;
    private boolean generates;
    private @Nullable String promptCacheKey;
    private @Nullable Splice usageRequest;
    private @Nullable String user;

    FactsDraft(Reading reading) {
        this.reading = reading;
    }

    Facts done() {
        return new Facts(
                model,
                modelStart,
                modelEnd,
                streams,
                maxOutputTokens,
                choices,
                generates,
                reading.texts(),
                toolNames,
                reading.notScanned(),
                promptCacheKey,
                usageRequest,
                user);
    }

    /** Takes the model from the member, if it is a string that is not empty. */
    @CanIgnoreReturnValue
    FactsDraft modelIn(Json.Obj body, String member) {
        if (body.get(member) instanceof Json.Str name && !name.value().isEmpty()) {
            model = name.value();
            modelStart = name.start();
            modelEnd = name.end();
        }
        return this;
    }

    /** Takes the model that the path names, unless the body named one. */
    @CanIgnoreReturnValue
    FactsDraft modelInPath(@Nullable String name) {
        if (model == null) {
            model = name;
        }
        return this;
    }

    boolean hasModel() {
        return model != null;
    }

    @CanIgnoreReturnValue
    FactsDraft streams(boolean asked) {
        streams = asked;
        return this;
    }

    /** Takes the largest of the limits that the members set: which of them a provider obeys is its own choice. */
    @CanIgnoreReturnValue
    FactsDraft maxOutput(Json.Obj body, String... members) {
        for (String member : members) {
            Long limit = body.integer(member);
            if (limit != null && limit >= 0) {
                maxOutputTokens = maxOutputTokens == null ? limit : Math.max(limit, maxOutputTokens);
            }
        }
        return this;
    }

    /** Takes the largest number of answers that the members ask for. */
    @CanIgnoreReturnValue
    FactsDraft choices(Json.Obj body, String... members) {
        for (String member : members) {
            Long asked = body.integer(member);
            if (asked != null && asked > choices) {
                choices = (int) Math.min(asked, MAX_CHOICES);
            }
        }
        return this;
    }

    /** So many prompts are answered, each so often. */
    @CanIgnoreReturnValue
    FactsDraft timesChoices(int prompts) {
        choices = (int) Math.min((long) choices * prompts, MAX_CHOICES);
        return this;
    }

    @CanIgnoreReturnValue
    FactsDraft generates(boolean billable) {
        generates = billable;
        return this;
    }

    @CanIgnoreReturnValue
    FactsDraft promptCacheKey(@Nullable String label) {
        promptCacheKey = label;
        return this;
    }

    @CanIgnoreReturnValue
    FactsDraft user(@Nullable String name) {
        user = name;
        return this;
    }

    /** Takes the end user in the two ways in which OpenAI's wires name one; the newer one counts. */
    @CanIgnoreReturnValue
    FactsDraft userIn(Json.Obj body) {
        String identifier = body.string("safety_identifier");
        return user(identifier == null ? body.string("user") : identifier);
    }

    @CanIgnoreReturnValue
    FactsDraft usageRequest(@Nullable Splice splice) {
        usageRequest = splice;
        return this;
    }

    @CanIgnoreReturnValue
    FactsDraft tool(@Nullable String name) {
        if (name != null && !name.isEmpty()) {
            toolNames.add(name);
        }
        return this;
    }

    /** Takes the names of tools in the three ways in which OpenAI's and Anthropic's wires define them, groups of tools included. */
    @CanIgnoreReturnValue
    FactsDraft tools(List<Json> definitions) {
        for (Json definition : definitions) {
            if (definition instanceof Json.Obj tool) {
                tool(nameOf(tool));
                tools(tool.elements("tools"));
            }
        }
        return this;
    }

    /** What a definition calls its tool; built-in ones are named by their type. */
    static @Nullable String nameOf(Json.Obj tool) {
        for (String wrapper : List.of("function", "custom")) {
            Json.Obj inner = tool.object(wrapper);
            if (inner != null && inner.string("name") != null) {
                return inner.string("name");
            }
        }
        String name = tool.string("name");
        return name == null ? tool.string("type") : name;
    }
}
