package dev.tollgate.detect;

import static dev.tollgate.detect.Checksums.digits;
import static dev.tollgate.detect.Checksums.weighted;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.Locale;

/** Check digits of identifiers that states give to people and firms. All take the match as it was written. */
final class NationalNumbers {
    private static final String SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final String FINNISH_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    /** First two digits behind the kind, as the registry gave them to provinces. */
    private static final BitSet THAI_PROVINCES = ranges(10, 27, 30, 49, 50, 58, 60, 67, 70, 77, 80, 86, 90, 96);

    private NationalNumbers() {}

    /** Spain, NIF and NIE: the letter is the number modulo 23. */
    static boolean spanish(String match) {
        final String id = compact(match);
        final String number = switch (id.charAt(0)) {
            case 'X' -> "0" + id.substring(1, id.length() - 1);
            case 'Y' -> "1" + id.substring(1, id.length() - 1);
            case 'Z' -> "2" + id.substring(1, id.length() - 1);
            default -> id.substring(0, id.length() - 1);
        };
        return SPANISH_LETTERS.charAt(Integer.parseInt(number) % 23) == id.charAt(id.length() - 1);
    }

    /** Finland, henkilötunnus: birth date and serial modulo 31. */
    static boolean finnish(String match) {
        final String number = match.substring(0, 6) + match.substring(7, 10);
        return FINNISH_LETTERS.charAt(Integer.parseInt(number) % 31) == Character.toUpperCase(match.charAt(10))
                && isDayMonth(number.substring(0, 2), number.substring(2, 4));
    }

    /** Poland, PESEL: a birth date, whose century hides in the month, and a check digit. */
    static boolean polish(String match) {
        final String digits = digits(match);
        final int sum = weighted(digits, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3);
        final int month = Integer.parseInt(digits.substring(2, 4)) % 20;
        return isDayMonth(digits.substring(4, 6), Integer.toString(month))
                && (10 - sum % 10) % 10 == digits.charAt(10) - '0';
    }

    /** Germany, Steuer-Identifikationsnummer: ISO 7064 mod 11,10, exactly one digit two or three times among the first ten. */
    static boolean germanTax(String match) {
        final String digits = digits(match);
        final long distinct = digits.substring(0, 10).chars().distinct().count();
        return digits.charAt(0) != '0' && (distinct == 8 || distinct == 9) && Checksums.mod11x10(digits);
    }

    /** The same without the rule about its digits, which numbers made up for tests do not keep. */
    static boolean germanTaxChecked(String match) {
        final String digits = digits(match);
        return digits.charAt(0) != '0' && Checksums.mod11x10(digits);
    }

    /** United Kingdom, NHS number: mod 11. */
    static boolean nhs(String match) {
        final String digits = digits(match);
        final int check = 11 - weighted(digits, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return check % 11 == digits.charAt(9) - '0' && digits.chars().distinct().count() > 1;
    }

    /**
     * South Korea, resident and foreigner registration numbers: a birth date and mod 11. Foreigners' numbers add two. Numbers given
     * since October 2020 carry no check digit.
     */
    static boolean korean(String match) {
        final String digits = digits(match);
        if (!isDayMonth(digits.substring(4, 6), digits.substring(2, 4))) {
            return false;
        }
        final int rest = weighted(digits, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5) % 11;
        final int check = digits.charAt(12) - '0';
        final boolean bornLate =
                "3478".indexOf(digits.charAt(6)) >= 0 && digits.substring(0, 4).compareTo("2010") >= 0;
        return check == (11 - rest) % 10 || check == (13 - rest) % 10 || bornLate;
    }

    /** South Korea, business number: weights 1, 3, 7, the ninth digit counted twice over. */
    static boolean koreanBusiness(String match) {
        final String digits = digits(match);
        final int ninth = (digits.charAt(8) - '0') * 5;
        final int sum = weighted(digits, 1, 3, 7, 1, 3, 7, 1, 3) + ninth + ninth / 10;
        return (10 - sum % 10) % 10 == digits.charAt(9) - '0';
    }

    /** Türkiye, T.C. kimlik no. */
    static boolean turkish(String match) {
        final String digits = digits(match);
        final int odd = weighted(digits, 1, 0, 1, 0, 1, 0, 1, 0, 1);
        final int even = weighted(digits, 0, 1, 0, 1, 0, 1, 0, 1, 0);
        final int tenth = Math.floorMod(7 * odd - even, 10);
        return digits.charAt(0) != '0'
                && tenth == digits.charAt(9) - '0'
                && (odd + even + tenth) % 10 == digits.charAt(10) - '0';
    }

    /** South Africa: a birth date and Luhn. */
    static boolean southAfrican(String match) {
        final String digits = digits(match);
        return isDayMonth(digits.substring(4, 6), digits.substring(2, 4)) && Checksums.luhn(digits);
    }

    /** Sweden, personnummer and samordningsnummer (day + 60): Luhn over the last ten digits. */
    static boolean swedish(String match) {
        final String all = digits(match);
        final String digits = all.substring(all.length() - 10);
        final int day = Integer.parseInt(digits.substring(4, 6));
        final String plainDay = String.format(Locale.ROOT, "%02d", day > 60 ? day - 60 : day);
        return isDayMonth(plainDay, digits.substring(2, 4)) && Checksums.luhn(digits);
    }

    /** Australia, business number: mod 89. */
    static boolean australianBusiness(String match) {
        final String digits = digits(match);
        return digits.charAt(0) != '0' && (weighted(digits, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19) - 10) % 89 == 0;
    }

    /** Australia, tax file number: mod 11. */
    static boolean australianTax(String match) {
        return weighted(digits(match), 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 == 0;
    }

    /** Australia, company number: weights 8 to 1, mod 10. */
    static boolean australianCompany(String match) {
        final String digits = digits(match);
        return (10 - weighted(digits, 8, 7, 6, 5, 4, 3, 2, 1) % 10) % 10 == digits.charAt(8) - '0';
    }

    /** Australia, Medicare card: mod 10 over the first eight digits. */
    static boolean australianMedicare(String match) {
        final String digits = digits(match);
        return weighted(digits, 1, 3, 7, 9, 1, 3, 7, 9) % 10 == digits.charAt(8) - '0';
    }

    /** Singapore, NRIC and FIN. */
    static boolean singaporean(String match) {
        final String id = compact(match);
        final int sum = weighted(id.substring(1, 8), 2, 7, 6, 5, 4, 3, 2);
        final char letter = id.charAt(8);
        return switch (id.charAt(0)) {
            case 'S' -> "JZIHGFEDCBA".charAt(sum % 11) == letter;
            case 'T' -> "JZIHGFEDCBA".charAt((sum + 4) % 11) == letter;
            case 'F' -> "XWUTRQPNMLK".charAt(sum % 11) == letter;
            case 'G' -> "XWUTRQPNMLK".charAt((sum + 4) % 11) == letter;
            default -> id.charAt(0) == 'M';
        };
    }

    /** Thailand, citizen number: kind, province, mod 11. */
    static boolean thai(String match) {
        final String digits = digits(match);
        final int province = Integer.parseInt(digits.substring(1, 3));
        final int sum = weighted(digits, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2);
        return digits.charAt(0) >= '1'
                && digits.charAt(0) <= '8'
                && THAI_PROVINCES.get(province)
                && (11 - sum % 11) % 10 == digits.charAt(12) - '0';
    }

    /** Germany, lifelong physician number: weights 4 and 9 over six digits, then the check digit and a group of specialists. */
    static boolean germanPhysician(String match) {
        final String digits = digits(match);
        return (10 - weighted(digits, 4, 9, 4, 9, 4, 9) % 10) % 10 == digits.charAt(6) - '0'
                && !digits.endsWith("00")
                && digits.chars().distinct().count() > 1;
    }

    /** Sweden, organisation number: Luhn, and a third digit of at least 2, where people have a month. */
    static boolean swedishOrganisation(String match) {
        final String digits = digits(match);
        return digits.charAt(2) >= '2' && Checksums.luhn(digits);
    }

    /** United States, national provider identifier: Luhn with the issuer prefix 80840. */
    static boolean usProvider(String match) {
        return Checksums.luhn("80840" + digits(match));
    }

    /** Italy, codice fiscale: values of the odd places are scrambled, the sum modulo 26 is the last letter. */
    static boolean italian(String match) {
        final String code = compact(match);
        final int[] odd = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
        };
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            final char c = code.charAt(i);
            final int value = Character.isDigit(c) ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? odd[value] : value;
        }
        return (char) ('A' + sum % 26) == code.charAt(15);
    }

    static boolean isDayMonth(String day, String month) {
        try {
            LocalDate.of(2000, Integer.parseInt(month), Integer.parseInt(day));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** @param bounds first and last of each range */
    private static BitSet ranges(int... bounds) {
        final BitSet all = new BitSet();
        for (int i = 0; i < bounds.length; i += 2) {
            all.set(bounds[i], bounds[i + 1] + 1);
        }
        return all;
    }

    /** Letters and digits only, in capitals. */
    static String compact(String match) {
        return match.replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT);
    }
}
