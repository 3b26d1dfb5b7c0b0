package dev.tollgate.detect;

import java.util.Set;

/**
 * Tells telephone numbers in international form from other long numbers: a country calling code in use, and as many digits
 * behind it as numbers of that zone have (ITU-T E.164 and its list of assigned codes).
 */
final class PhoneNumbers {
    /** First two digits of all calling codes in use but 1 and 7: the codes of two digits, and the beginnings of those of three. */
    private static final Set<String> CODES =
            Set.of(("20 21 22 23 24 25 26 27 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 "
                            + "50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 80 81 82 84 85 86 87 88 90 91 92 93 94 95 96 97 98 99")
                    .split(" "));

    private PhoneNumbers() {}

    /** A number written with {@code +} or {@code 00} before its country code. */
    static boolean plausible(String match) {
        final String all = Checksums.digits(match);
        final String number =
                match.startsWith("+") || match.startsWith("(+") ? all : all.startsWith("00") ? all.substring(2) : all;
        if (number.length() < 7 || number.length() > 15) {
            return false;
        }
        if (number.startsWith("1")) {
            return number.length() == 11 && number.charAt(1) >= '2' && number.charAt(4) >= '2';
        }
        final boolean assigned = number.startsWith("7") || CODES.contains(number.substring(0, 2));
        return assigned && number.chars().distinct().count() > 2;
    }
}
