package dev.tollgate.console;

import java.util.List;
import java.util.Optional;

/**
 * What surrounds every page.
 *
 * @param title of the page
 * @param section the entry of the navigation that is open
 * @param csrf token for its forms
 * @param waiting tickets that wait for a decision; -1 where they cannot be counted
 * @param links addresses of stylesheet and scripts
 * @param notice one sentence about what was just done
 */
record Frame(String title, Section section, String csrf, int waiting, Assets.Links links, Optional<Notice> notice) {
    /** The navigation, in order. */
    enum Section {
        OVERVIEW("Overview", "/"),
        APPROVALS("Approvals", "/approvals"),
        SESSIONS("Sessions", "/sessions"),
        EXCHANGES("Exchanges", "/exchanges"),
        SPEND("Spend", "/spend"),
        BUDGETS("Budgets", "/budgets"),
        KEYS("Keys", "/keys"),
        POLICY("Policy", "/policy"),
        HEALTH("Health", "/health");

        private final String title;
        private final String path;

        Section(String title, String path) {
            this.title = title;
            this.path = path;
        }

        String title() {
            return title;
        }

        String path() {
            return path;
        }
    }

    List<Section> sections() {
        return List.of(Section.values());
    }

    boolean isOpen(Section entry) {
        return entry == section;
    }

    /** What stands beside an entry of the navigation; empty for nothing. */
    String badge(Section entry) {
        if (entry != Section.APPROVALS || waiting <= 0) {
            return "";
        }
        return waiting >= Limits.MAX_PENDING_SHOWN ? Limits.MAX_PENDING_SHOWN + "+" : Integer.toString(waiting);
    }
}
