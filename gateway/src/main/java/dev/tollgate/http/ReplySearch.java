package dev.tollgate.http;

import java.util.List;

/** Looks for something in a text of a reply of which more may come. Belongs to one reply. */
interface ReplySearch {
    /** What a finding is about. */
    enum Topic {
        SECRET("secret_found", "a secret"),
        PERSONAL("personal_data_found", "personal data"),
        LINK("exfiltration_found", "a link that carries data away"),
        PROMPT("prompt_leak_found", "a part of the system prompt");

        private final String code;
        private final String words;

        Topic(String code, String words) {
            this.code = code;
            this.words = words;
        }

        /** Reason in records and problems. */
        String code() {
            return code;
        }

        /** For people. */
        String words() {
            return words;
        }
    }

    /**
     * Something found that no further text changes.
     *
     * @param start its first char
     * @param end one past its last
     * @param rule id of what found it
     */
    record Hit(int start, int end, String rule, Topic topic) {
        Hit movedBy(int chars) {
            return new Hit(start + chars, end + chars, rule, topic);
        }
    }

    /**
     * @param hits in the order of their starts
     * @param decided chars at the beginning of the text in which nothing else will be found
     */
    record Look(List<Hit> hits, int decided) {}

    /**
     * @param plain the text with blanks in the place of what is put back: that is nothing that the model said
     * @param written the same with the placeholders themselves
     * @param isOver whether no more comes
     */
    Look look(String plain, String written, boolean isOver);
}
