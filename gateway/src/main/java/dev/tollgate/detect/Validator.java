package dev.tollgate.detect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** An exact check of what an expression matched: what a pattern cannot count. Cheap, pure, and true for a good match. */
interface Validator {
    boolean accepts(String match);

    /** Names that rule packs may use, with {@code entropy>=x} and {@code distinct>=n} beside them. */
    Map<String, Validator> NAMED = Map.ofEntries(
            Map.entry("luhn", Checksums::luhn),
            Map.entry("card", Validator::card),
            Map.entry("iban", Checksums::iban),
            Map.entry("aba", Checksums::aba),
            Map.entry("ssn", Checksums::ssn),
            Map.entry("verhoeff", Checksums::verhoeff),
            Map.entry("github_checksum", Checksums::github),
            Map.entry("jwt", Validator::jwt),
            Map.entry("basic_auth", Validator::basicAuth),
            Map.entry("phone", PhoneNumbers::plausible),
            Map.entry("base58check", Checksums::base58),
            Map.entry("dea", Checksums::dea),
            Map.entry("ipv4", Validator::ipv4),
            Map.entry("letters_and_digits", Validator::lettersAndDigits),
            Map.entry("not_a_word", Validator::notAWord),
            Map.entry("spanish_id", NationalNumbers::spanish),
            Map.entry("finnish_id", NationalNumbers::finnish),
            Map.entry("pesel", NationalNumbers::polish),
            Map.entry("german_tax_id", NationalNumbers::germanTax),
            Map.entry("nhs", NationalNumbers::nhs),
            Map.entry("korean_id", NationalNumbers::korean),
            Map.entry("turkish_id", NationalNumbers::turkish),
            Map.entry("south_african_id", NationalNumbers::southAfrican),
            Map.entry("swedish_id", NationalNumbers::swedish),
            Map.entry("abn", NationalNumbers::australianBusiness),
            Map.entry("acn", NationalNumbers::australianCompany),
            Map.entry("tfn", NationalNumbers::australianTax),
            Map.entry("medicare", NationalNumbers::australianMedicare),
            Map.entry("nric", NationalNumbers::singaporean),
            Map.entry("thai_id", NationalNumbers::thai),
            Map.entry("npi", NationalNumbers::usProvider),
            Map.entry("korean_business", NationalNumbers::koreanBusiness),
            Map.entry("german_physician", NationalNumbers::germanPhysician),
            Map.entry("swedish_organisation", NationalNumbers::swedishOrganisation),
            Map.entry("german_tax_checked", NationalNumbers::germanTaxChecked),
            Map.entry("german_health", EuropeanNumbers::germanHealth),
            Map.entry("german_pension", EuropeanNumbers::germanPension),
            Map.entry("machine_readable", EuropeanNumbers::machineReadable),
            Map.entry("french_id", EuropeanNumbers::french),
            Map.entry("belgian_id", EuropeanNumbers::belgian),
            Map.entry("dutch_id", EuropeanNumbers::dutch),
            Map.entry("portuguese_tax", EuropeanNumbers::portuguese),
            Map.entry("norwegian_id", EuropeanNumbers::norwegian),
            Map.entry("danish_id", EuropeanNumbers::danish),
            Map.entry("austrian_id", EuropeanNumbers::austrian),
            Map.entry("ahv", EuropeanNumbers::swiss),
            Map.entry("pps", EuropeanNumbers::irish),
            Map.entry("cnp", EuropeanNumbers::romanian),
            Map.entry("egn", EuropeanNumbers::bulgarian),
            Map.entry("birth_number", EuropeanNumbers::czech),
            Map.entry("oib", EuropeanNumbers::croatian),
            Map.entry("jmbg", EuropeanNumbers::yugoslav),
            Map.entry("baltic_id", EuropeanNumbers::baltic),
            Map.entry("amka", EuropeanNumbers::greek),
            Map.entry("inn", EuropeanNumbers::russian),
            Map.entry("snils", EuropeanNumbers::russianInsurance),
            Map.entry("ukrainian_tax", EuropeanNumbers::ukrainian),
            Map.entry("nip", EuropeanNumbers::polishTax),
            Map.entry("cpf", OverseasNumbers::brazilian),
            Map.entry("cnpj", OverseasNumbers::brazilianBusiness),
            Map.entry("cuit", OverseasNumbers::argentine),
            Map.entry("rut", OverseasNumbers::chilean),
            Map.entry("curp", OverseasNumbers::mexican),
            Map.entry("chinese_id", OverseasNumbers::chinese),
            Map.entry("hkid", OverseasNumbers::hongKong),
            Map.entry("taiwanese_id", OverseasNumbers::taiwanese),
            Map.entry("japanese_id", OverseasNumbers::japanese),
            Map.entry("nik", OverseasNumbers::indonesian),
            Map.entry("mykad", OverseasNumbers::malaysian),
            Map.entry("israeli_id", OverseasNumbers::israeli),
            Map.entry("uen", OverseasNumbers::singaporeanEntity),
            Map.entry("ip_numbers", Validator::ipNumbers),
            Map.entry("lone_number", LoneNumbers::accepts),
            Map.entry("codice_fiscale", NationalNumbers::italian));

    /** @return empty if no validator has this name */
    static Optional<Validator> parse(String expression) {
        final String[] sides = expression.split(">=", 2);
        if (sides.length == 1) {
            return Optional.ofNullable(NAMED.get(expression.strip())).map(Validator::closed);
        }
        final double least;
        try {
            least = Double.parseDouble(sides[1].strip());
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return switch (sides[0].strip()) {
            case "entropy" -> Optional.of(match -> entropy(match) >= least);
            case "distinct" -> Optional.of(match -> match.chars().distinct().count() >= least);
            default -> Optional.empty();
        };
    }

    /** A match of a form that the check was not made for stays a finding: a pack of someone's own must not turn it into a pass. */
    private static Validator closed(Validator check) {
        return match -> {
            try {
                return check.accepts(match);
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                return true;
            }
        };
    }

    static Set<String> names() {
        final Set<String> names = new TreeSet<>(NAMED.keySet());
        names.addAll(Set.of("entropy>=BITS", "distinct>=COUNT"));
        return names;
    }

    /** Shannon entropy in bits per character. */
    static double entropy(String match) {
        final int[] counts = new int[128];
        int others = 0;
        for (int i = 0; i < match.length(); i++) {
            if (match.charAt(i) < counts.length) {
                counts[match.charAt(i)]++;
            } else {
                others++;
            }
        }
        return Arrays.stream(counts)
                        .filter(count -> count > 0)
                        .mapToDouble(count -> bits(count, match.length()))
                        .sum()
                + (others > 0 ? bits(others, match.length()) : 0);
    }

    private static double bits(int count, int length) {
        final double share = (double) count / length;
        return -share * Math.log(share) / Math.log(2);
    }

    /** A payment card: Luhn, and not the same digit all along. */
    private static boolean card(String match) {
        return Checksums.luhn(match)
                && Checksums.digits(match).chars().distinct().count() > 1;
    }

    /** RFC 7519: the first part is base64url of a JSON object that names an algorithm or a type. */
    private static boolean jwt(String match) {
        final String header = match.substring(0, match.indexOf('.') < 0 ? match.length() : match.indexOf('.'));
        try {
            final String json = new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8);
            return json.startsWith("{")
                    && (json.contains("\"alg\"") || json.contains("\"typ\"") || json.contains("\"enc\""));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** RFC 7617: a user name and a password with a colon between, in base64. */
    private static boolean basicAuth(String match) {
        try {
            final String pair = new String(Base64.getDecoder().decode(match), StandardCharsets.UTF_8);
            return pair.indexOf(':') >= 0 && pair.chars().allMatch(c -> c >= ' ' && c < 0xFFFD);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Four numbers up to 255, of a host: no network mask, no "any", no documentation prefix of zeros. */
    private static boolean ipv4(String match) {
        final String[] parts = match.split("/", 2)[0].split("\\.");
        return parts.length == 4
                && Arrays.stream(parts).allMatch(part -> Integer.parseInt(part) <= 255)
                && !parts[0].equals("0")
                && !parts[0].equals("127")
                && Integer.parseInt(parts[0]) < 224;
    }

    /** Four numbers up to 255, whatever they stand for. */
    private static boolean ipNumbers(String match) {
        final String[] parts = match.split("/", 2)[0].split("\\.");
        return parts.length == 4 && Arrays.stream(parts).allMatch(part -> Integer.parseInt(part) <= 255);
    }

    private static boolean lettersAndDigits(String match) {
        return match.chars().anyMatch(Character::isDigit) && match.chars().anyMatch(Character::isLetter);
    }

    /** Looks made by a generator, not written: digits among letters, or cases mixed inside the word, or high entropy. */
    private static boolean notAWord(String match) {
        final boolean digit = match.chars().anyMatch(Character::isDigit);
        final boolean upper = match.chars().anyMatch(Character::isUpperCase);
        final boolean lower = match.chars().anyMatch(Character::isLowerCase);
        return (digit && (upper || lower)) || (upper && lower && entropy(match) >= 3.8);
    }
}
