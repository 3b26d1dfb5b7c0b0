package dev.tollgate.store.redis;

import io.lettuce.core.ScriptOutputType;
import io.vertx.core.Future;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whose spend is in the counters of an installation: one hash, made anew where Redis was emptied.
 *
 * <pre>
 *   (unknown) ──▶ awaited ──contributes──▶ here
 *                    └──an operator gives it up──▶ forgotten ──contributes after all──▶ here
 * </pre>
 */
public final class RedisNodes {
    static final String KEY = "nodes";
    /** Its spend is in the counters. */
    public static final String HERE = "here";
    /** Another node knows that it has spent; until it has told how much, nothing is granted. */
    public static final String AWAITED = "awaited";
    /** An operator has given it up. */
    static final String FORGOTTEN = "forgotten";

    /** Of what the scripts write. Where it changes, the counters are made anew from the logs, as if Redis had been emptied. */
    private static final String FORM = "2";

    private static final String FIELD = "node:";

    private final Script forget = Script.of("forget.lua", ScriptOutputType.INTEGER);
    private final RedisStore.Commands redis;
    private final String key;

    RedisNodes(RedisStore.Commands redis, String installation) {
        this.redis = redis;
        this.key = prefix(installation) + KEY;
    }

    static String prefix(String installation) {
        return "{tollgate:" + installation + "}:" + FORM + ":";
    }

    /** Takes the nodes and their states out of the hash. */
    static Map<String, String> states(Map<String, String> fields) {
        Map<String, String> states = new TreeMap<>();
        fields.forEach((field, state) -> {
            if (field.startsWith(FIELD)) {
                states.put(field.substring(FIELD.length()), state);
            }
        });
        return states;
    }

    /** State by node, in the order of their names. */
    public Future<Map<String, String>> states() {
        return Future.fromCompletionStage(redis.hashes().hgetall(key).thenApply(RedisNodes::states));
    }

    /** Goes on without what an awaited node has spent; false if it is not awaited. */
    public Future<Boolean> forget(String node) {
        return Future.fromCompletionStage(
                forget.<Long>call(redis.scripts(), new String[] {key}, node).thenApply(forgotten -> forgotten > 0));
    }
}
