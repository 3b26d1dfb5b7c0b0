package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.KeyTable.Wrapped;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The random keys of one team's day, wrapped in the key table with the operator's key: AES-256-GCM with day, team and id as additional data. What earlier versions
 * encrypted with derived keys is read too. Writers and erasers use it while they hold the day.
 *
 * <pre>
 *   root ── HMAC ──▶ wrapping key ── AES-GCM ──▶ data key (random) ── AES-GCM ──▶ pieces and manifests
 * </pre>
 */
final class TeamKeys implements DayKeys {
    private static final String PURPOSE = "data keys";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyTable table;
    private final PayloadKeys roots;
    private final LocalDate day;
    private final String team;
    private final DayKeys derived;
    private final Map<Integer, SecretKeySpec> opened = new HashMap<>();
    private List<Wrapped> known = List.of();

    TeamKeys(KeyTable table, PayloadKeys roots, LocalDate day, String team) {
        this.table = table;
        this.roots = roots;
        this.day = day;
        this.team = team;
        this.derived = DayKeys.derived(roots, team, day.toString());
    }

    /** The newest key that the operator's first one opens, unless an erasure has made a newer one; made if there is none. Asks the table once. */
    @Override
    public Optional<Current> current() throws IOException {
        Optional<Integer> root = roots.current();
        if (root.isEmpty()) {
            return Optional.empty();
        }
        if (known.isEmpty()) {
            known = table.of(day, team);
        }
        for (Wrapped key : known.reversed()) {
            if (key.root() == root.get()) {
                return Optional.of(new Current(key.id(), true, opened(key)));
            }
            if (key.shreds()) {
                break;
            }
        }
        return Optional.of(make(root.get(), false));
    }

    /** Makes a key for an erasure, after which all before it are to be destroyed; empty where nothing is encrypted. */
    Optional<Current> renew() throws IOException {
        Optional<Integer> root = roots.current();
        if (root.isEmpty()) {
            return Optional.empty();
        }
        known = table.of(day, team);
        return Optional.of(make(root.get(), true));
    }

    /** Keys before the newest that an erasure has made: nothing new is encrypted with them. */
    List<Wrapped> outdated() throws IOException {
        known = table.of(day, team);
        int newest = known.stream()
                .filter(Wrapped::shreds)
                .mapToInt(Wrapped::turn)
                .max()
                .orElse(0);
        return known.stream().filter(key -> key.turn() < newest).toList();
    }

    private Current make(int root, boolean shreds) throws IOException {
        byte[] bytes = new byte[KEY_BYTES];
        RANDOM.nextBytes(bytes);
        int turn = known.isEmpty() ? 1 : known.getLast().turn() + 1;
        int id = freeId();
        table.add(new Wrapped(day, team, turn, id, root, wrap(root, id, bytes), shreds));
        known = table.of(day, team);
        SecretKeySpec key = new SecretKeySpec(bytes, "AES");
        opened.put(id, key);
        return new Current(id, true, key);
    }

    private int freeId() {
        while (true) {
            int id = RANDOM.nextInt();
            if (id != 0 && known.stream().noneMatch(key -> key.id() == id)) {
                return id;
            }
        }
    }

    @Override
    public SecretKeySpec find(int id, boolean isOwn) throws IOException {
        if (!isOwn) {
            return derived.find(id, false);
        }
        SecretKeySpec open = opened.get(id);
        if (open != null) {
            return open;
        }
        Optional<Wrapped> key = known(id);
        if (key.isEmpty()) {
            known = table.of(day, team);
            key = known(id);
        }
        return opened(key.orElseThrow(() -> new KeyGoneException(id)));
    }

    private Optional<Wrapped> known(int id) {
        return known.stream().filter(key -> key.id() == id).findFirst();
    }

    private SecretKeySpec opened(Wrapped key) throws IOException {
        SecretKeySpec open = opened.get(key.id());
        if (open == null) {
            open = new SecretKeySpec(unwrap(key), "AES");
            opened.put(key.id(), open);
        }
        return open;
    }

    private byte[] wrap(int root, int id, byte[] key) throws IOException {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] secretText = cipher(Cipher.ENCRYPT_MODE, root, id, nonce).doFinal(key);
            return ByteBuffer.allocate(NONCE_BYTES + secretText.length)
                    .put(nonce)
                    .put(secretText)
                    .array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM cannot encrypt", impossible);
        }
    }

    private byte[] unwrap(Wrapped key) throws IOException {
        byte[] sealed = key.sealed();
        if (sealed.length < NONCE_BYTES) {
            throw new IOException("a data key of " + day + " is damaged");
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, key.root(), key.id(), nonce)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException damaged) {
            throw new IOException("a data key of " + day + " is damaged", damaged);
        }
    }

    private Cipher cipher(int mode, int root, int id, byte[] nonce) throws IOException, GeneralSecurityException {
        SecretKeySpec wrapping = roots.cipherKey(root, team, PURPOSE)
                .orElseThrow(() -> new IOException("a data key is wrapped with key " + Integer.toHexString(root)
                        + ", which payloads.key does not name"));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, wrapping, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((day + "\n" + team + "\n" + id).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
