package dev.tollgate.identity;

import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.exchange.Labels;
import dev.tollgate.policy.IdentityPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a call say about it beside its session: end user, tags, and which helper of the agent makes it. Our own headers come
 * first, then those that agents send by themselves: Claude Code names the helper and its parent, Codex its thread, the thread that started
 * it and the kind of helper, OpenCode the session that started the call's own; then what an instrumented program hands on with its trace. Pure
 * functions.
 */
public final class LabelNames {
    private static final String OWN = "x-tollgate-";
    private static final String ACCOUNT = "_account_";
    private static final String SESSION = "_session_";
    /** Longest JSON inside a label that is read, in characters. */
    private static final int MAX_JSON = 8_192;

    private LabelNames() {}

    /** Tags that cannot be taken as they are. The message says why, and repeats nothing. */
    public static final class TagsRefused extends Exception {
        private static final long serialVersionUID = 1;

        TagsRefused(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * The labels that the headers name.
     *
     * @throws TagsRefused if {@code X-Tollgate-Tags} is malformed or too much: a tag that were left out would be spend that no budget sees
     */
    public static Labels fromHeaders(Headers headers, IdentityPolicy policy) throws TagsRefused {
        Said said = Said.in(headers);
        SortedMap<String, String> tags = tags(said.tags, headers, policy.tags());
        String user = user(said.user, headers, policy);
        if (said.subAgent != null) {
            return ofPath(user, tags, said.subAgent);
        }
        if (said.claude != null) {
            String parent = SessionNames.plain(said.claudeParent);
            return new Labels(user, tags, SessionNames.plain(said.claude), parent, parent.isEmpty() ? 1 : 2);
        }
        if (said.isOfCodexHelper()) {
            return ofThread(user, tags, said);
        }
        if (said.parentSession != null && said.session != null) {
            return new Labels(user, tags, SessionNames.plain(said.session), "", 1);
        }
        String traced = Baggage.first(said.baggage, "gen_ai.agent.name", "gen_ai.agent.id");
        if (traced != null) {
            return ofPath(user, tags, traced);
        }
        return Labels.of(user, tags);
    }

    /**
     * The end user whom the body names; empty where it names nobody. Claude Code puts account, device and session into one name: the
     * account is the user, or the device where nobody is signed in.
     */
    public static String userInContent(@Nullable String named) {
        if (named == null || named.isBlank()) {
            return "";
        }
        if (named.startsWith("{")) {
            Json.Obj parts = object(named);
            String account = parts == null ? "" : SessionNames.plain(parts.string("account_uuid"));
            String device = parts == null ? "" : SessionNames.plain(parts.string("device_id"));
            return !account.isEmpty() ? account : !device.isEmpty() ? device : SessionNames.plain(named);
        }
        int account = named.indexOf(ACCOUNT);
        int session = named.indexOf(SESSION, Math.max(0, account));
        if (account < 0 || session < 0) {
            return SessionNames.plain(named);
        }
        String id = named.substring(account + ACCOUNT.length(), session);
        return SessionNames.plain(id.isEmpty() ? named.substring(0, account) : id);
    }

    /** The headers that say something, found in one pass. */
    private static final class Said {
        private @Nullable String user;
        private @Nullable String tags;
        private @Nullable String subAgent;
        private @Nullable String claude;
        private @Nullable String claudeParent;
        private @Nullable String thread;
        private @Nullable String codexSession;
        private @Nullable String codexParent;
        private @Nullable String codexKind;
        private @Nullable String codexTurn;
        private @Nullable String session;
        private @Nullable String parentSession;
        private @Nullable String baggage;

        static Said in(Headers headers) {
            Said said = new Said();
            for (Headers.Field field : headers.fields()) {
                String name = field.key();
                if ((name.startsWith("x-") || name.endsWith("-id") || name.equals("baggage"))
                        && !field.value().isBlank()) {
                    said.take(name, field.value().strip());
                }
            }
            return said;
        }

        private void take(String name, String value) {
            switch (name) {
                case OWN + "user" -> user = user == null ? value : user;
                case OWN + "tags" -> tags = tags == null ? value : tags + "," + value;
                case OWN + "sub-agent" -> subAgent = value;
                case "x-claude-code-agent-id" -> claude = value;
                case "x-claude-code-parent-agent-id" -> claudeParent = value;
                case "thread-id" -> thread = value;
                case "session-id" -> codexSession = value;
                case "x-codex-parent-thread-id" -> codexParent = value;
                case "x-openai-subagent" -> codexKind = value;
                case "x-codex-turn-metadata" -> codexTurn = value;
                case "x-session-id" -> session = value;
                case "x-parent-session-id" -> parentSession = value;
                case "baggage" -> baggage = baggage == null ? value : baggage + "," + value;
                default -> {}
            }
        }

        boolean isOfCodexHelper() {
            return codexKind != null
                    || codexParent != null
                    || (codexTurn != null && codexTurn.contains("parent_thread_id"));
        }
    }

    private static String user(@Nullable String own, Headers headers, IdentityPolicy policy) {
        String named = SessionNames.plain(own);
        for (int i = 0; named.isEmpty() && i < policy.userHeaders().size(); i++) {
            named = SessionNames.plain(headers.get(policy.userHeaders().get(i)));
        }
        return named;
    }

    /** {@code planner/searcher} is the searcher that the planner started. */
    private static Labels ofPath(String user, SortedMap<String, String> tags, String path) {
        int last = path.lastIndexOf('/');
        int depth = 1;
        for (int i = 0; i < path.length(); i++) {
            depth += path.charAt(i) == '/' ? 1 : 0;
        }
        String parent = last < 0 ? "" : SessionNames.plain(path.substring(0, last));
        return new Labels(user, tags, SessionNames.plain(path), parent, depth);
    }

    private static Labels ofThread(String user, SortedMap<String, String> tags, Said said) {
        Json.Obj turn = object(said.codexTurn);
        String thread = first(said.thread, turn, "thread_id");
        String root = first(said.codexSession, turn, "session_id");
        String parent = first(said.codexParent, turn, "parent_thread_id");
        String kind = first(said.codexKind, turn, "subagent_kind");
        // A helper of the agent's own, such as a compaction, has no thread of its own: its kind tells it apart.
        String name = thread.isEmpty() || thread.equals(root) || thread.equals(parent) ? kind : thread;
        if (name.isEmpty()) {
            return Labels.of(user, tags);
        }
        boolean byRoot = parent.isEmpty() || root.isEmpty() || parent.equals(root);
        return new Labels(user, tags, name, byRoot ? "" : parent, byRoot ? 1 : 2);
    }

    private static String first(@Nullable String header, Json.@Nullable Obj turn, String member) {
        return SessionNames.plain(header != null || turn == null ? header : turn.string(member));
    }

    private static Json.@Nullable Obj object(@Nullable String json) {
        if (json == null || json.length() > MAX_JSON) {
            return null;
        }
        try {
            return JsonReader.readObject(json.getBytes(StandardCharsets.UTF_8));
        } catch (JsonRefused unknown) {
            // A label in a form of somebody else's, which may change: what stands beside it says enough.
            return null;
        }
    }

    private static SortedMap<String, String> tags(
            @Nullable String own, Headers headers, Map<String, String> fromHeaders) throws TagsRefused {
        if (own == null && fromHeaders.isEmpty()) {
            return Labels.NONE.tags();
        }
        SortedMap<String, String> tags = new TreeMap<>();
        if (own != null) {
            read(own, tags);
        }
        fromHeaders.forEach((tag, header) -> {
            String value = headers.get(header);
            if (value != null && !value.isBlank()) {
                tags.put(tag, SessionNames.plain(value, Labels.MAX_TAG_VALUE, ' '));
            }
        });
        if (tags.size() > Labels.MAX_TAGS) {
            throw new TagsRefused("the call has " + tags.size() + " tags, allowed are " + Labels.MAX_TAGS);
        }
        return tags;
    }

    private static void read(String list, SortedMap<String, String> tags) throws TagsRefused {
        int position = 0;
        for (int start = 0; start <= list.length(); ) {
            int comma = list.indexOf(',', start);
            int end = comma < 0 ? list.length() : comma;
            String tag = list.substring(start, end).strip();
            start = end + 1;
            if (!tag.isEmpty()) {
                position++;
                add(tag, position, tags);
            }
        }
    }

    private static void add(String tag, int position, SortedMap<String, String> tags) throws TagsRefused {
        int equals = tag.indexOf('=');
        String name = equals < 0 ? "" : tag.substring(0, equals).strip();
        String value = equals < 0 ? "" : tag.substring(equals + 1).strip();
        if (!Labels.isTagName(name)) {
            throw refused(
                    position,
                    "needs the form name=value, the name of 1 to " + Labels.MAX_TAG_NAME
                            + " letters, digits, dots, dashes and underscores");
        }
        if (value.isEmpty() || value.length() > Labels.MAX_TAG_VALUE || !isVisible(value)) {
            throw refused(position, "needs a value of 1 to " + Labels.MAX_TAG_VALUE + " visible ASCII characters");
        }
        String before = tags.put(name, value);
        if (before != null && !before.equals(value)) {
            throw refused(position, "gives a tag a second value");
        }
        if (tags.size() > Labels.MAX_TAGS) {
            throw new TagsRefused("X-Tollgate-Tags has more than " + Labels.MAX_TAGS + " tags");
        }
    }

    private static TagsRefused refused(int position, String why) {
        return new TagsRefused("tag " + position + " in X-Tollgate-Tags " + why);
    }

    private static boolean isVisible(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
