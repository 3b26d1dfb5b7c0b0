package dev.tollgate.detect;

import static dev.tollgate.detect.Checksums.digits;
import static dev.tollgate.detect.Checksums.weighted;
import static dev.tollgate.detect.NationalNumbers.compact;
import static dev.tollgate.detect.NationalNumbers.isDayMonth;

/** Check digits of further European identifiers of people and firms, as their registers publish them. All take the match as it was written. */
final class EuropeanNumbers {
    private EuropeanNumbers() {}

    /** Germany, health insurance number: the letter as two digits and the others, doubled at every second place, in cross sums. */
    static boolean germanHealth(String match) {
        final String digits = lettersAsDigits(compact(match));
        return crossSum(digits.substring(0, 10), 1, 2, 1, 2, 1, 2, 1, 2, 1, 2) % 10 == digits.charAt(10) - '0';
    }

    /** Germany, pension insurance number: area, birth date, letter, serial, and cross sums modulo 10. */
    static boolean germanPension(String match) {
        final String id = compact(match);
        final String digits = lettersAsDigits(id);
        final int day = Integer.parseInt(id.substring(2, 4));
        final int month = Integer.parseInt(id.substring(4, 6));
        return day >= 1
                && day <= 81
                && month >= 1
                && month <= 12
                && crossSum(digits.substring(0, 12), 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1) % 10
                        == digits.charAt(12) - '0';
    }

    /** Machine-readable documents (ICAO 9303): weights 7, 3, 1, letters from 10 on; the last digit checks those before it. */
    static boolean machineReadable(String match) {
        final String id = compact(match);
        final int[] weights = {7, 3, 1};
        int sum = 0;
        for (int i = 0; i < id.length() - 1; i++) {
            sum += Character.digit(id.charAt(i), 36) * weights[i % 3];
        }
        return sum % 10 == id.charAt(id.length() - 1) - '0';
    }

    /** France, NIR: modulo 97; the departments of Corsica count as 19 and 18. */
    static boolean french(String match) {
        final String id = compact(match).replace("2A", "19").replace("2B", "18");
        return 97 - Long.parseLong(id.substring(0, 13)) % 97 == Long.parseLong(id.substring(13, 15));
    }

    /** Belgium, national number: modulo 97, with a 2 before it for those born since 2000. */
    static boolean belgian(String match) {
        final String digits = digits(match);
        final long number = Long.parseLong(digits.substring(0, 9));
        final long check = Long.parseLong(digits.substring(9, 11));
        return Integer.parseInt(digits.substring(2, 4)) % 20 <= 12
                && (97 - number % 97 == check || 97 - (2_000_000_000L + number) % 97 == check);
    }

    /** Netherlands, BSN: weights 9 to 2, the last digit subtracted, modulo 11. */
    static boolean dutch(String match) {
        final String digits = digits(match);
        return weighted(digits, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0
                && digits.chars().distinct().count() > 1;
    }

    /** Portugal, NIF: weights 9 to 2, modulo 11. */
    static boolean portuguese(String match) {
        final String digits = digits(match);
        final int rest = weighted(digits, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return (rest < 2 ? 0 : 11 - rest) == digits.charAt(8) - '0';
    }

    /** Norway, fødselsnummer: two check digits modulo 11. */
    static boolean norwegian(String match) {
        final String digits = digits(match);
        return weighted(digits, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1) % 11 == 0
                && weighted(digits, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0
                && Integer.parseInt(digits.substring(0, 2)) % 40 <= 31;
    }

    /** Denmark, CPR: a birth date; the check digit is no longer kept. */
    static boolean danish(String match) {
        return isDayMonth(match.substring(0, 2), match.substring(2, 4));
    }

    /** Austria, insurance number: serial, check digit, birth date. */
    static boolean austrian(String match) {
        final String digits = digits(match);
        return digits.charAt(0) != '0'
                && weighted(digits, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6) % 11 == digits.charAt(3) - '0'
                && Integer.parseInt(digits.substring(4, 6)) <= 31;
    }

    /** Switzerland, AHV number: EAN-13 behind the country's 756. */
    static boolean swiss(String match) {
        return weighted(digits(match), 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1) % 10 == 0;
    }

    /** Ireland, PPS number: weights 8 to 2, a second letter counts nine times, modulo 23. */
    static boolean irish(String match) {
        final String id = compact(match);
        final int second = id.length() > 8 && id.charAt(8) != 'W' ? id.charAt(8) - 'A' + 1 : 0;
        final int sum = weighted(id, 8, 7, 6, 5, 4, 3, 2) + 9 * second;
        return "WABCDEFGHIJKLMNOPQRSTUV".charAt(sum % 23) == id.charAt(7);
    }

    /** Romania, CNP: modulo 11, ten counts as one. */
    static boolean romanian(String match) {
        final String digits = digits(match);
        final int rest = weighted(digits, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11;
        return isDayMonth(digits.substring(5, 7), digits.substring(3, 5))
                && (rest == 10 ? 1 : rest) == digits.charAt(12) - '0';
    }

    /** Bulgaria, EGN: a birth date, whose century hides in the month, and modulo 11. */
    static boolean bulgarian(String match) {
        final String digits = digits(match);
        final int month = Integer.parseInt(digits.substring(2, 4)) % 20;
        return isDayMonth(digits.substring(4, 6), Integer.toString(month))
                && weighted(digits, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10 == digits.charAt(9) - '0';
    }

    /** Czechia and Slovakia, birth number: a date (women's month plus 50), ten digits divisible by 11. */
    static boolean czech(String match) {
        final String digits = digits(match);
        final int month = Integer.parseInt(digits.substring(2, 4)) % 50 % 20;
        return isDayMonth(digits.substring(4, 6), Integer.toString(month))
                && (digits.length() == 9
                        || Long.parseLong(digits) % 11 == 0
                        || (Long.parseLong(digits.substring(0, 9)) % 11 == 10 && digits.endsWith("0")));
    }

    /** Croatia, OIB: ISO 7064 mod 11,10. */
    static boolean croatian(String match) {
        return Checksums.mod11x10(digits(match));
    }

    /** Serbia, Bosnia, Montenegro, North Macedonia, Slovenia: the master citizen number, a birth date and modulo 11. */
    static boolean yugoslav(String match) {
        final String digits = digits(match);
        final int rest = weighted(digits, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
        return isDayMonth(digits.substring(0, 2), digits.substring(2, 4))
                && (rest == 0 ? 0 : (11 - rest) % 10) == digits.charAt(12) - '0';
    }

    /** Estonia and Lithuania: a birth date and modulo 11 in two steps. */
    static boolean baltic(String match) {
        final String digits = digits(match);
        int rest = weighted(digits, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11;
        if (rest == 10) {
            rest = weighted(digits, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10;
        }
        return isDayMonth(digits.substring(5, 7), digits.substring(3, 5)) && rest == digits.charAt(10) - '0';
    }

    /** Greece, AMKA: a birth date and Luhn. */
    static boolean greek(String match) {
        final String digits = digits(match);
        return isDayMonth(digits.substring(0, 2), digits.substring(2, 4)) && Checksums.luhn(digits);
    }

    /** Russia, INN of persons (12 digits) and firms (10). */
    static boolean russian(String match) {
        final String digits = digits(match);
        if (digits.length() == 10) {
            return weighted(digits, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == digits.charAt(9) - '0';
        }
        return weighted(digits, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == digits.charAt(10) - '0'
                && weighted(digits, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == digits.charAt(11) - '0';
    }

    /** Russia, SNILS: weights 9 to 1, modulo 101. */
    static boolean russianInsurance(String match) {
        final String digits = digits(match);
        return weighted(digits, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101 % 100 == Integer.parseInt(digits.substring(9, 11));
    }

    /** Ukraine, RNOKPP. */
    static boolean ukrainian(String match) {
        final String digits = digits(match);
        final int sum = weighted(digits, -1, 5, 7, 9, 4, 6, 10, 5, 7);
        return Math.floorMod(sum, 11) % 10 == digits.charAt(9) - '0';
    }

    /** Poland, NIP: modulo 11. */
    static boolean polishTax(String match) {
        final String digits = digits(match);
        return weighted(digits, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == digits.charAt(9) - '0'
                && digits.chars().distinct().count() > 1;
    }

    /** Each letter as its place in the alphabet, in two digits. */
    private static String lettersAsDigits(String id) {
        final StringBuilder digits = new StringBuilder();
        for (int i = 0; i < id.length(); i++) {
            final char c = id.charAt(i);
            if (Character.isDigit(c)) {
                digits.append(c);
            } else {
                digits.append((c - 'A' + 1) / 10).append((c - 'A' + 1) % 10);
            }
        }
        return digits.toString();
    }

    private static int crossSum(String digits, int... weights) {
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            final int product = (digits.charAt(i) - '0') * weights[i];
            sum += product / 10 + product % 10;
        }
        return sum;
    }
}
