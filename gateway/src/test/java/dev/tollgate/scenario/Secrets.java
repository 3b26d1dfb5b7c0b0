package dev.tollgate.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Texts that look like secrets, made anew for each run so that none stands in a file; {@code ${name}} in a scenario. */
final class Secrets {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private Secrets() {}

    static Map<String, JsonNode> generated() {
        Random random = new Random(7);
        Map<String, JsonNode> secrets = new HashMap<>();
        secrets.put("aws_key", TextNode.valueOf("AKIA" + digits(random, BASE32, 16)));
        secrets.put("github_token", TextNode.valueOf("ghp_" + digits(random, ALPHANUMERIC, 30) + "0ZNAhD"));
        secrets.put("unknown_key", TextNode.valueOf("tg_" + digits(random, ALPHANUMERIC, 43)));
        secrets.put("email", TextNode.valueOf("jane.doe@" + "harborlight.org"));
        return secrets;
    }

    private static String digits(Random random, String alphabet, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
