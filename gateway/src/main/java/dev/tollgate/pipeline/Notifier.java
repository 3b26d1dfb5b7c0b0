package dev.tollgate.pipeline;

import io.vertx.core.Future;
import java.util.List;

/** Tells people outside. Never waits: who could not be told stands in the log. Safe on any thread. */
@FunctionalInterface
public interface Notifier {
    void tell(Notice notice);

    /** Tells them in several ways. */
    static Notifier all(List<Notifier> ways) {
        return new Notifier() {
            @Override
            public void tell(Notice notice) {
                ways.forEach(way -> way.tell(notice));
            }

            @Override
            public Future<Void> deliver(Notice notice) {
                return Future.join(ways.stream().map(way -> way.deliver(notice)).toList())
                        .mapEmpty();
            }
        };
    }

    /** Tells people; done, and never failed, when all of them know or have been given up. */
    default Future<Void> deliver(Notice notice) {
        tell(notice);
        return Future.succeededFuture();
    }
}
