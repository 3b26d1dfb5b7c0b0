package dev.tollgate.console;

import dev.tollgate.console.Route.Need;
import dev.tollgate.value.Person;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What surrounds every page.
 *
 * @param title of the page
 * @param section the entry of the navigation that is open
 * @param person who looks at it
 * @param csrf token for its forms
 * @param waiting tickets that wait for a decision; -1 where they cannot be counted
 * @param links addresses of stylesheet and scripts
 * @param notice one sentence about what was just done
 */
record Frame(
        String title,
        Section section,
        Person person,
        String csrf,
        int waiting,
        Assets.Links links,
        Optional<Notice> notice) {
    /** The navigation, in order. */
    enum Section {
        OVERVIEW("Overview", "/", Need.VIEWER),
        APPROVALS("Approvals", "/approvals", Need.VIEWER),
        GRANTS("Grants", "/grants", Need.VIEWER),
        SESSIONS("Sessions", "/sessions", Need.VIEWER),
        EXCHANGES("Exchanges", "/exchanges", Need.VIEWER),
        SPEND("Spend", "/spend", Need.VIEWER),
        BUDGETS("Budgets", "/budgets", Need.VIEWER),
        CONNECT("Connect an agent", "/connect", Need.VIEWER),
        KEYS("Keys", "/keys", Need.VIEWER),
        TOKENS("API tokens", "/tokens", Need.ADMIN),
        POLICY("Policy", "/policy", Need.VIEWER),
        PROVIDERS("Providers", "/providers", Need.VIEWER),
        LOG("Log integrity", "/log", Need.VIEWER_OF_ALL),
        HEALTH("Health", "/health", Need.VIEWER);

        private final String title;
        private final String path;
        private final Need need;

        Section(String title, String path, Need need) {
            this.title = title;
            this.path = path;
            this.need = need;
        }

        String title() {
            return title;
        }

        String path() {
            return path;
        }
    }

    List<Section> sections() {
        return Arrays.stream(Section.values())
                .filter(entry -> entry.need.isMetBy(person))
                .toList();
    }

    boolean isOpen(Section entry) {
        return entry == section;
    }

    /** What stands beside an entry of the navigation; empty for nothing. */
    String badge(Section entry) {
        if (entry != Section.APPROVALS || waiting <= 0) {
            return "";
        }
        return waiting >= Limits.MAX_PENDING_READ ? Limits.MAX_PENDING_READ + "+" : Integer.toString(waiting);
    }
}
