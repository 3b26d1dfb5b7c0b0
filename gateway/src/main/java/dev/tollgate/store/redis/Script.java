package dev.tollgate.store.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A Lua script that is called by its hash, and sent whole only to a server that does not know it (after a restart or a flush). */
final class Script {
    private static final String BEGINS_WITH = "-- Begins with ";

    private final String source;
    private final String sha1;
    private final ScriptOutputType output;

    private Script(String source, ScriptOutputType output) {
        this.source = source;
        this.sha1 = sha1(source);
        this.output = output;
    }

    /** Reads a script that lies beside this class. Its first line may name another one, whose text it begins with. */
    static Script of(String name, ScriptOutputType output) {
        String text = text(name);
        if (!text.startsWith(BEGINS_WITH)) {
            return new Script(text, output);
        }
        int end = text.indexOf('\n');
        return new Script(text(text.substring(BEGINS_WITH.length(), end)) + text.substring(end), output);
    }

    private static String text(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("script " + name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    <T> CompletionStage<T> call(RedisScriptingAsyncCommands<String, String> redis, String[] keys, String... arguments) {
        CompletionStage<T> answer = redis.evalsha(sha1, output, keys, arguments);
        return answer.exceptionallyCompose(failure -> isUnknown(failure)
                ? redis.<T>eval(source, output, keys, arguments)
                : java.util.concurrent.CompletableFuture.failedStage(failure));
    }

    /** The text that Redis is sent. */
    String source() {
        return source;
    }

    private static boolean isUnknown(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RedisNoScriptException;
    }

    private static String sha1(String source) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(digest.digest(source.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
