package dev.tollgate.audit;

import dev.tollgate.audit.seal.SigningKey;
import java.util.List;
import java.util.Random;

/** What somebody may do to a log who can make numbers, links, hashes, lengths and CRCs right again behind it, but has not its key. */
public enum Forgery {
    REPLACE {
        @Override
        void on(Rewrite log, int at, Random random) {
            log.replace(at, Records.administrative("forged"));
        }
    },
    DELETE {
        @Override
        void on(Rewrite log, int at, Random random) {
            log.remove(at);
        }
    },
    INSERT {
        @Override
        void on(Rewrite log, int at, Random random) {
            log.insert(at, Records.administrative("forged"));
        }
    },
    SWAP {
        @Override
        void on(Rewrite log, int at, Random random) {
            log.swap(at);
        }
    },
    DUPLICATE {
        @Override
        void on(Rewrite log, int at, Random random) {
            log.insert(at, log.record(at));
        }
    },
    TRUNCATE {
        @Override
        void on(Rewrite log, int at, Random random) {
            log.truncate(at);
        }
    },
    /** The log goes on otherwise from there. */
    FORK {
        @Override
        void on(Rewrite log, int at, Random random) {
            String chain = log.chain(at - 1);
            log.truncate(at);
            for (int i = 0; i <= random.nextInt(5); i++) {
                log.append(chain, Records.administrative("done_elsewhere_" + i));
            }
        }
    },
    DROP_CHAIN {
        @Override
        void on(Rewrite log, int at, Random random) {
            List<String> chains = log.chains();
            log.dropChain(chains.get(random.nextInt(chains.size())));
        }
    },
    DROP_CHECKPOINTS {
        @Override
        void on(Rewrite log, int at, Random random) {
            log.removeIf(record -> record instanceof AuditRecord.Sealed, at);
        }
    },
    /** As if it were on its way still: the log ends right before it, or goes on without it. */
    DROP_NEWEST_CHECKPOINT {
        @Override
        void on(Rewrite log, int at, Random random) {
            int newest = log.size() - 1;
            while (!(log.record(newest) instanceof AuditRecord.Sealed)) {
                newest--;
            }
            log.remove(newest);
        }
    },
    /** The suffix is another, and all checkpoints are made again, with a key of the forger's. */
    SIGN_ANEW {
        @Override
        void on(Rewrite log, int at, Random random) {
            log.replace(at, Records.administrative("forged"));
            log.signAgain(SigningKey.generate("tollgate.dev/forger"));
        }
    };

    /**
     * Does it.
     *
     * @param at a record, neither the first of all nor one of the last two: what is behind the last checkpoint only an anchor knows
     */
    abstract void on(Rewrite log, int at, Random random);

    /** Does it at random, and tells where. */
    public int on(Rewrite log, Random random) {
        int at = 1 + random.nextInt(log.size() - 3);
        on(log, at, random);
        return at;
    }

    /** The same numbers each time, or others with {@code -Dtollgate.fuzz=NUMBER}. */
    public static Random random() {
        return new Random(Long.getLong("tollgate.fuzz", 44));
    }
}
