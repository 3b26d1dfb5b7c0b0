package dev.tollgate.detect;

import static dev.tollgate.detect.Checksums.digits;
import static dev.tollgate.detect.Checksums.weighted;
import static dev.tollgate.detect.NationalNumbers.compact;
import static dev.tollgate.detect.NationalNumbers.isDayMonth;

/** Check digits of identifiers of people and firms in Latin America, Asia and the Middle East. All take the match as it was written. */
final class OverseasNumbers {
    private static final String UEN_LETTERS = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
    private static final String CURP_SIGNS = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";

    private OverseasNumbers() {}

    /** Brazil, CPF: two check digits modulo 11. */
    static boolean brazilian(String match) {
        final String digits = digits(match);
        return digits.chars().distinct().count() > 1
                && checkOf(weighted(digits, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == digits.charAt(9) - '0'
                && checkOf(weighted(digits, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == digits.charAt(10) - '0';
    }

    /** Brazil, CNPJ: the same with weights from 9 down to 2 again. */
    static boolean brazilianBusiness(String match) {
        final String digits = digits(match);
        return digits.chars().distinct().count() > 1
                && checkOf(weighted(digits, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == digits.charAt(12) - '0'
                && checkOf(weighted(digits, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == digits.charAt(13) - '0';
    }

    private static int checkOf(int sum) {
        final int rest = sum % 11;
        return rest < 2 ? 0 : 11 - rest;
    }

    /** Argentina, CUIT and CUIL: modulo 11. */
    static boolean argentine(String match) {
        final String digits = digits(match);
        return "012345678990".charAt(11 - weighted(digits, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) == digits.charAt(10);
    }

    /** Chile, RUT: weights 2 to 7 from the right, modulo 11, ten is K. */
    static boolean chilean(String match) {
        final String id = compact(match);
        int sum = 0;
        for (int i = 0; i < id.length() - 1; i++) {
            sum += (id.charAt(id.length() - 2 - i) - '0') * (2 + i % 6);
        }
        return "0K987654321".charAt(sum % 11) == id.charAt(id.length() - 1);
    }

    /** Mexico, CURP: places count 18 down to 2, modulo 10. */
    static boolean mexican(String match) {
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            sum += CURP_SIGNS.indexOf(Character.toUpperCase(match.charAt(i))) * (18 - i);
        }
        return (10 - sum % 10) % 10 == match.charAt(17) - '0'
                && isDayMonth(match.substring(8, 10), match.substring(6, 8));
    }

    /** China, resident number: a birth date and ISO 7064 mod 11,2 (GB 11643). */
    static boolean chinese(String match) {
        final int sum = weighted(match, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
        return isDayMonth(match.substring(12, 14), match.substring(10, 12))
                && "10X98765432".charAt(sum % 11) == Character.toUpperCase(match.charAt(17));
    }

    /** Hong Kong, identity card: letters from 10 on, weights 9 to 1, modulo 11, ten is A. */
    static boolean hongKong(String match) {
        final String id = compact(match);
        final int letters = id.length() - 7;
        int sum = letters == 1 ? 9 * 36 : 9 * (id.charAt(0) - 'A' + 10);
        sum += 8 * (id.charAt(letters - 1) - 'A' + 10);
        sum += weighted(id.substring(letters), 7, 6, 5, 4, 3, 2);
        return "0123456789A".charAt(Math.floorMod(-sum, 11)) == id.charAt(id.length() - 1);
    }

    /** Taiwan, identity number: the letter as two digits, weights 1, 9, 8 to 1, divisible by 10. */
    static boolean taiwanese(String match) {
        final String id = compact(match);
        final int letter = 10 + "ABCDEFGHJKLMNPQRSTUVXYWZIO".indexOf(id.charAt(0));
        return (letter / 10 + letter % 10 * 9 + weighted(id.substring(1), 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0;
    }

    /** Japan, individual number: modulo 11. */
    static boolean japanese(String match) {
        final String digits = digits(match);
        final int rest = weighted(digits, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
        return (rest <= 1 ? 0 : 11 - rest) == digits.charAt(11) - '0';
    }

    /** Indonesia, NIK: region, a birth date (women's day plus 40), serial. */
    static boolean indonesian(String match) {
        final String digits = digits(match);
        final int written = Integer.parseInt(digits.substring(6, 8));
        final int day = written > 40 ? written - 40 : written;
        return digits.charAt(0) >= '1'
                && isDayMonth(Integer.toString(day), digits.substring(8, 10))
                && !digits.endsWith("0000");
    }

    /** Malaysia, MyKad: a birth date and a place. */
    static boolean malaysian(String match) {
        final String digits = digits(match);
        return isDayMonth(digits.substring(4, 6), digits.substring(2, 4)) && !digits.startsWith("00", 6);
    }

    /** Israel, identity number: Luhn over nine digits. */
    static boolean israeli(String match) {
        return Checksums.luhn(digits(match)) && digits(match).chars().distinct().count() > 2;
    }

    /** Singapore, entity numbers of businesses, companies and others. */
    static boolean singaporeanEntity(String match) {
        final String id = compact(match);
        if (id.length() == 9) {
            return "XMKECAWLJDB".charAt(weighted(id, 10, 4, 9, 3, 8, 2, 7, 1) % 11) == id.charAt(8);
        }
        if (Character.isDigit(id.charAt(0))) {
            return "ZKCMDNERGWH".charAt(weighted(id, 10, 8, 6, 4, 9, 7, 5, 3, 1) % 11) == id.charAt(9);
        }
        final int[] weights = {4, 3, 5, 3, 10, 2, 2, 5, 7};
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += UEN_LETTERS.indexOf(id.charAt(i)) * weights[i];
        }
        return UEN_LETTERS.charAt(Math.floorMod(sum - 5, 11)) == id.charAt(9);
    }
}
