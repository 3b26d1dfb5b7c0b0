package dev.tollgate.store.redis;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node among those that share the counters: whose spend is in them, and how many they are. Safe on any thread. */
final class Household {
    private static final Logger LOG = LoggerFactory.getLogger(Household.class);

    private final RedisCounters redis;
    private final NodeBooks books;
    private final RedisLedger.Self self;
    private final Set<String> others;
    private volatile int nodes;
    private volatile boolean isRestored;
    private @Nullable CompletableFuture<Long> joining;

    Household(RedisCounters redis, NodeBooks books, RedisLedger.Self self) {
        this.redis = redis;
        this.books = books;
        this.self = self;
        this.others = new ConcurrentSkipListSet<>(self.others());
        this.nodes = others.contains(self.id()) ? others.size() : others.size() + 1;
    }

    /** How many nodes share the counters. */
    int nodes() {
        return nodes;
    }

    /** Whether this node knows what it spent in former lives. */
    boolean isRestored() {
        return isRestored;
    }

    /** Joins, now that the books tell what this node spent before. */
    CompletionStage<Long> restored() {
        isRestored = true;
        return join();
    }

    /** Whether there is nothing to join with, or this node's part is there. */
    boolean isHere(Map<String, String> states) {
        return !isRestored || RedisNodes.HERE.equals(states.get(self.id()));
    }

    /** Adds this node's part to the counters, if it is not there; one attempt at a time. */
    synchronized CompletionStage<Long> join() {
        CompletableFuture<Long> running = joining;
        if (running != null && !running.isDone()) {
            return running;
        }
        Set<String> awaited = new TreeSet<>(others);
        awaited.remove(self.id());
        joining = redis.nodes()
                .thenCompose(before -> redis.contribute(books.contribution(), awaited)
                        .thenApply(missing -> {
                            meet(before);
                            LOG.info("this node's spend is in Redis, {} other nodes are awaited", missing);
                            return missing;
                        }))
                .toCompletableFuture();
        return joining;
    }

    /** Learns of other nodes from {@link RedisNodes}. */
    void meet(Map<String, String> states) {
        // Of those that are known from before, some may not have been told of to an emptied Redis yet.
        Set<String> sharing = new TreeSet<>(others);
        sharing.addAll(states.keySet());
        sharing.removeIf(node -> RedisNodes.FORGOTTEN.equals(states.get(node)));
        sharing.add(self.id());
        nodes = sharing.size();
        for (String node : states.keySet()) {
            if (!node.equals(self.id()) && others.add(node)) {
                self.onOther().accept(node);
            }
        }
    }
}
