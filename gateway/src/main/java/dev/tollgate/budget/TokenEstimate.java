package dev.tollgate.budget;

/**
 * How many tokens a text has at most in practice, by one pass over its characters: for tokenizers that are not public, and where an exact
 * count is not worth its time. The weights were set on real calls of OpenAI, Anthropic, Google, Amazon, Mistral and others so that the
 * estimate is above what was billed (load-tests measures it again).
 */
final class TokenEstimate {
    /** Letters and digits of a longer run are no word but a key, a hash or base64, which split into far smaller tokens. */
    private static final int LONGEST_WORD = 24;

    private static final int LETTERS_PER_TOKEN = 6;
    private static final int CAPITALS_PER_TOKEN = 3;
    private static final int DIGITS_PER_TOKEN_OPENAI = 3;
    private static final int FIRST_OF_THREE_BYTES = 0x800;

    private final int digitsPerToken;
    private long halves;
    private int run;
    private int letters;
    private int capitals;
    private int digits;
    private int blanks;
    private char before;

    private TokenEstimate(Tokenizer tokenizer) {
        this.digitsPerToken = tokenizer.isExact() ? DIGITS_PER_TOKEN_OPENAI : 1;
    }

    static long of(Tokenizer tokenizer, String text) {
        TokenEstimate estimate = new TokenEstimate(tokenizer);
        int at = 0;
        while (at < text.length()) {
            int end = endOfSmallLetters(text, at);
            if (end > at) {
                estimate.takeSmallLetters(end - at, text.charAt(end - 1));
                at = end;
            } else {
                estimate.take(text.charAt(at));
                at++;
            }
        }
        estimate.endRuns();
        return withMargin(tokenizer, Math.ceilDiv(estimate.halves, 2));
    }

    private static long withMargin(Tokenizer tokenizer, long tokens) {
        return switch (tokenizer) {
            // Models from Opus 4.7 on make up to a third more tokens of a text than those before.
            case CLAUDE -> tokens + Math.ceilDiv(tokens * 3, 10);
            case GEMINI, O200K, CL100K -> tokens + Math.ceilDiv(tokens, 10);
            case OTHER -> tokens + Math.ceilDiv(tokens, 5);
        };
    }

    private void take(char c) {
        if (isLetter(c)) {
            takeLetter(c);
        } else if (c >= '0' && c <= '9') {
            endLetters();
            blanks = 0;
            run++;
            digits++;
        } else if (c == ' ' || c == '\t') {
            endLetters();
            endDigits();
            run = 0;
            blanks++;
            // One blank belongs to the word behind it; of many, each eight make a token at least.
            halves += blanks > 1 && blanks % 8 == 2 ? 2 : 0;
        } else {
            endRuns();
            takeOther(c);
        }
        before = c;
    }

    private static int endOfSmallLetters(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) >= 'a' && text.charAt(end) <= 'z') {
            end++;
        }
        return end;
    }

    /** Most of most texts, so taken by the run. */
    private void takeSmallLetters(int count, char last) {
        endDigits();
        blanks = 0;
        run += count;
        letters += count;
        before = last;
    }

    private void takeLetter(char c) {
        boolean capital = c <= 'Z';
        if (capital && before >= 'a' && before <= 'z') {
            endLetters();
        }
        endDigits();
        blanks = 0;
        run++;
        letters++;
        capitals += capital ? 1 : 0;
    }

    private void takeOther(char c) {
        if (c == '\n' || c == '\r') {
            halves += before == '\n' || before == '\r' ? 0 : 2;
        } else if (c < FIRST_OF_THREE_BYTES) {
            halves += 2;
        } else {
            halves += 3;
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private void endRuns() {
        endLetters();
        endDigits();
        run = 0;
        blanks = 0;
    }

    private void endLetters() {
        if (run > LONGEST_WORD) {
            halves += Math.ceilDiv(3L * letters, 2);
        } else if (letters > 0) {
            halves += 2 + 2L * ((letters - 1) / (capitals > 1 ? CAPITALS_PER_TOKEN : LETTERS_PER_TOKEN));
        }
        letters = 0;
        capitals = 0;
    }

    private void endDigits() {
        halves += 2L * Math.ceilDiv(digits, digitsPerToken);
        digits = 0;
    }
}
