package dev.tollgate.value;

/** Looks for bytes among bytes. */
public final class Bytes {
    private Bytes() {}

    public static boolean contains(byte[] all, byte[] wanted) {
        int last = all.length - wanted.length;
        byte first = wanted[0];
        for (int i = 0; i <= last; i++) {
            if (all[i] == first && matches(all, i, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] all, int from, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (all[from + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
