package dev.tollgate.detect;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Check digits that tell a number with a meaning from one that only looks like it. All take the match as it was written. */
final class Checksums {
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private static final int[][] VERHOEFF_PRODUCT = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
        {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
        {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
        {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
        {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
        {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
        {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
        {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
        {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
        {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}
    };
    private static final int[] VERHOEFF_STEP = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

    private Checksums() {}

    /** The decimal digits of a match, without its separators. */
    static String digits(String match) {
        final StringBuilder digits = new StringBuilder(match.length());
        for (int i = 0; i < match.length(); i++) {
            final char c = match.charAt(i);
            if (c >= '0' && c <= '9') {
                digits.append(c);
            }
        }
        return digits.toString();
    }

    /** ISO/IEC 7812-1 annex B. */
    static boolean luhn(String match) {
        final String digits = digits(match);
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            final int digit = digits.charAt(digits.length() - 1 - i) - '0';
            final int doubled = i % 2 == 0 ? digit : 2 * digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return digits.length() > 1 && sum % 10 == 0;
    }

    /** ISO 7064 mod 97-10, as ISO 13616 uses it: the first four characters are moved to the end. */
    static boolean iban(String match) {
        final StringBuilder compact = new StringBuilder();
        match.chars().filter(Character::isLetterOrDigit).forEach(c -> compact.append((char) Character.toUpperCase(c)));
        if (compact.length() < 15 || compact.length() > 34) {
            return false;
        }
        final String turned = compact.substring(4) + compact.substring(0, 4);
        int remainder = 0;
        for (int i = 0; i < turned.length(); i++) {
            final int value = Character.digit(turned.charAt(i), 36);
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
        }
        return remainder == 1;
    }

    /** ISO 7064 mod 11,10: the last digit checks those before it. */
    static boolean mod11x10(String digits) {
        int product = 10;
        for (int i = 0; i < digits.length() - 1; i++) {
            final int sum = (digits.charAt(i) - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (11 - product) % 10 == digits.charAt(digits.length() - 1) - '0';
    }

    /** ABA routing number: weights 3, 7, 1; the first two digits name a Federal Reserve district or a special use. */
    static boolean aba(String match) {
        final String digits = digits(match);
        if (digits.length() != 9) {
            return false;
        }
        final int district = Integer.parseInt(digits.substring(0, 2));
        final boolean assigned = (district <= 12 && district > 0)
                || (district >= 21 && district <= 32)
                || (district >= 61 && district <= 72)
                || district == 80;
        return assigned && weighted(digits, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;
    }

    /** Social security number (SSA, since 2011): no 000, 666 or 9xx area, no 00 group, no 0000 serial, none of the advertised ones. */
    static boolean ssn(String match) {
        final String digits = digits(match);
        if (digits.length() != 9) {
            return false;
        }
        final String area = digits.substring(0, 3);
        return !area.equals("000")
                && !area.equals("666")
                && digits.charAt(0) != '9'
                && !digits.startsWith("00", 3)
                && !digits.endsWith("0000")
                && !digits.equals("078051120")
                && digits.chars().distinct().count() > 1;
    }

    /** Verhoeff's dihedral check digit (Aadhaar). */
    static boolean verhoeff(String match) {
        final String digits = digits(match);
        int check = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            for (int step = 0; step < i % 8; step++) {
                digit = VERHOEFF_STEP[digit];
            }
            check = VERHOEFF_PRODUCT[check][digit];
        }
        return digits.length() > 1 && check == 0;
    }

    /** GitHub token: the last six characters are the CRC-32 of what stands between prefix and checksum, in base 62. */
    static boolean github(String match) {
        final int body = match.indexOf('_') + 1;
        if (body == 0 || match.length() - body < 7) {
            return false;
        }
        final CRC32 crc = new CRC32();
        crc.update(match.substring(body, match.length() - 6).getBytes(StandardCharsets.US_ASCII));
        final StringBuilder expected = new StringBuilder();
        for (long rest = crc.getValue(); rest > 0; rest /= 62) {
            expected.insert(0, BASE62.charAt((int) (rest % 62)));
        }
        return match.endsWith("0".repeat(Math.max(0, 6 - expected.length())) + expected);
    }

    /** Base58Check (Bitcoin): the last four of 25 bytes are the beginning of the doubled SHA-256 of the others. */
    static boolean base58(String match) {
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < match.length(); i++) {
            final int digit = BASE58.indexOf(match.charAt(i));
            if (digit < 0) {
                return false;
            }
            value = value.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(digit));
        }
        final byte[] compact = value.toByteArray();
        if (compact.length > 25 + 1) {
            return false;
        }
        final byte[] bytes = new byte[25];
        final int length = Math.min(25, compact.length);
        System.arraycopy(compact, compact.length - length, bytes, 25 - length, length);
        final byte[] hash = sha256(sha256(Arrays.copyOf(bytes, 21)));
        return Arrays.equals(hash, 0, 4, bytes, 21, 25);
    }

    /** DEA registration: the sum of the odd places and twice the even ones ends in the last digit. */
    static boolean dea(String match) {
        final String digits = digits(match);
        return weighted(digits, 1, 2, 1, 2, 1, 2) % 10 == digits.charAt(6) - '0';
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Sum of each digit times the weight at its place; as many digits as there are weights. */
    static int weighted(String digits, int... weights) {
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += (digits.charAt(i) - '0') * weights[i];
        }
        return sum;
    }
}
