package dev.tollgate.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ids of recorded exchanges that a document explains, each in backquotes in a table below one of its headings. */
final class Explained {
    private static final Pattern ID = Pattern.compile("`(d\\.[A-Za-z0-9.-]+)`");

    private Explained() {}

    /** @param heading the heading's text, up to the next heading of any level */
    static Set<String> below(Path document, String heading) throws IOException {
        Set<String> ids = new HashSet<>();
        boolean isBelow = false;
        for (String line : Files.readAllLines(document)) {
            if (line.startsWith("#")) {
                isBelow = line.replaceFirst("#+ ", "").equals(heading);
            } else if (isBelow && line.startsWith("|")) {
                Matcher id = ID.matcher(line);
                while (id.find()) {
                    ids.add(id.group(1));
                }
            }
        }
        return ids;
    }
}
