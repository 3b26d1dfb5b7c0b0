package dev.tollgate.wire;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The wires that Tollgate speaks, in the order in which they are asked whether they serve a path. A new wire is one line here. */
public final class Wires {
    /** Id of the wire of everything that no other wire serves. */
    public static final String OPAQUE = "opaque";

    private static final Set<String> BEDROCK_CALLS =
            Set.of("converse", "converse-stream", "invoke", "invoke-with-response-stream");

    private final Wire opaque = new OpaqueWire();
    private final Dialect bedrock = new BedrockDialect();
    private final List<Wire> all = List.of(
            new OpenAiChatWire(),
            new OpenAiResponsesWire(),
            new AnthropicMessagesWire(),
            new GeminiGenerateWire(),
            new OpenAiEmbeddingsWire(),
            new OpenAiCompletionsWire(),
            opaque);
    private final Map<String, Wire> byId =
            all.stream().collect(Collectors.toUnmodifiableMap(Wire::id, Function.identity()));

    /** Every wire, the opaque one last. */
    public List<Wire> all() {
        return all;
    }

    /**
     * The wire spoken at a path below a provider, version prefix and query removed; the opaque one if no other serves it.
     */
    public Wire forPath(String method, String path) {
        for (Wire wire : all) {
            if (wire.serves(method, path)) {
                return wire;
            }
        }
        return opaque;
    }

    public Optional<Wire> byId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The wire of an endpoint; the opaque one for ids that no wire has. */
    public Wire of(String id) {
        return byId.getOrDefault(id, opaque);
    }

    /**
     * How to speak to the client of a call. Where the path has no wire of its own, that is the way of the provider's main wire, so that an
     * unknown path of Anthropic's still gets Anthropic's error shape.
     *
     * @param wire the wire of the call
     * @param providerWires ids of the provider's wires or wire families ({@code anthropic_messages}, {@code anthropic}), main one first;
     *     empty if no provider is known
     */
    public Dialect dialectFor(Wire wire, List<String> providerWires) {
        if (!wire.id().equals(opaque.id()) || providerWires.isEmpty()) {
            return wire.dialect();
        }
        String family = providerWires.get(0).toLowerCase(Locale.ROOT);
        if (familyOf(family).equals("bedrock")) {
            return bedrock;
        }
        return all.stream()
                .filter(known -> familyOf(known.id()).equals(familyOf(family))
                        && !familyOf(family).equals("openai"))
                .findFirst()
                .orElse(opaque)
                .dialect();
    }

    /**
     * Whether answers at a path say something, although no wire of their own reads them: those of Bedrock's models (Amazon Bedrock API
     * reference, "Converse", "InvokeModel").
     */
    public static boolean isAnsweredInText(String path) {
        String plain = PathModel.plain(path);
        boolean isCall = BEDROCK_CALLS.contains(plain.substring(plain.lastIndexOf('/') + 1));
        return isCall && (plain.startsWith("model/") || plain.contains("/model/"));
    }

    private static String familyOf(String id) {
        int underscore = id.indexOf('_');
        return underscore < 0 ? id : id.substring(0, underscore);
    }
}
