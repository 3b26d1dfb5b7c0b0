package dev.tollgate.detect;

import static dev.tollgate.detect.Checksums.digits;

import java.util.List;
import java.util.Map;

/**
 * Tells numbers of persons and firms that stand alone, without a word that says what they are, by their length and check digits: what
 * somebody writes who was asked for one. By chance one random number in four passes, so this is a hint and no proof.
 */
final class LoneNumbers {
    private static final Map<Integer, List<Validator>> BY_LENGTH = Map.of(
            9,
                    List.of(
                            LoneNumbers::taxpayer,
                            LoneNumbers::austral,
                            LoneNumbers::canadian,
                            NationalNumbers::germanPhysician),
            10, List.of(NationalNumbers::swedish, NationalNumbers::nhs, LoneNumbers::provider, LoneNumbers::medicare),
            11, List.of(NationalNumbers::australianBusiness, NationalNumbers::polish, NationalNumbers::germanTax),
            12, List.of(NationalNumbers::swedish, LoneNumbers::aadhaar),
            13, List.of(LoneNumbers::thai, NationalNumbers::southAfrican, LoneNumbers::korean));

    private LoneNumbers() {}

    static boolean accepts(String match) {
        if (match.length() == 11 && match.charAt(4) == '-') {
            return Checksums.aba(match);
        }
        final String digits = digits(match);
        return digits.chars().distinct().count() > 2
                && BY_LENGTH.getOrDefault(digits.length(), List.of()).stream().anyMatch(check -> check.accepts(digits));
    }

    /** United States: an individual taxpayer number, whose middle group is one of those in use. */
    private static boolean taxpayer(String digits) {
        final int group = Integer.parseInt(digits.substring(3, 5));
        return digits.charAt(0) == '9' && group >= 50 && group != 66 && group != 89 && group != 93;
    }

    private static boolean austral(String digits) {
        return NationalNumbers.australianTax(digits) || NationalNumbers.australianCompany(digits);
    }

    /** Canada: a social insurance number; none begins with 0 or 8. */
    private static boolean canadian(String digits) {
        return digits.charAt(0) != '0' && digits.charAt(0) != '8' && Checksums.luhn(digits);
    }

    private static boolean provider(String digits) {
        return digits.charAt(0) == '1' && NationalNumbers.usProvider(digits);
    }

    private static boolean medicare(String digits) {
        return digits.charAt(0) >= '2' && digits.charAt(0) <= '6' && NationalNumbers.australianMedicare(digits);
    }

    private static boolean aadhaar(String digits) {
        return digits.charAt(0) >= '2' && Checksums.verhoeff(digits);
    }

    /** Times in milliseconds are no citizens. */
    private static boolean thai(String digits) {
        return !isTime(digits) && NationalNumbers.thai(digits);
    }

    private static boolean korean(String digits) {
        return !isTime(digits) && digits.charAt(6) >= '1' && digits.charAt(6) <= '8' && NationalNumbers.korean(digits);
    }

    private static boolean isTime(String digits) {
        return digits.compareTo("1580000000000") >= 0 && digits.compareTo("1890000000000") < 0;
    }
}
