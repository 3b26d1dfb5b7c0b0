package dev.tollgate.load;

import java.util.concurrent.CountDownLatch;

/** A MongoDB of its own process that forgets everything, for checks with several gateways: prints its address and serves until it is killed. */
public final class MemoryMongo {
    private MemoryMongo() {}

    /** Serves until it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        try (MongoUnderLoad mongo = MongoUnderLoad.of("memory")) {
            System.out.println(mongo.uri());
            new CountDownLatch(1).await();
        }
    }
}
