package dev.tollgate.load;

import java.util.List;
import java.util.Random;

/**
 * Texts as agents send them, made up: questions and answers in prose, code, logs, tool results in JSON, lists with links, some of it in other
 * languages. The same seed makes the same texts. They hold no secret, and hardly anything that a rule would find.
 */
final class ChatText {
    private static final String[] FREQUENT =
            ("the of and to in is that it for was on are as with be this have from or by not what all when your can there an each "
                            + "which do how if will up other about out many then them these so some would make into time has look more go see")
                    .split(" ");
    private static final String[] WORDS =
            ("people water work part place year question answer file module test build result report customer order invoice table column "
                            + "value change release branch merge review button page layout colour button window server client network cache memory disk "
                            + "thread queue message event handler parser reader writer stream buffer format field record account city river mountain "
                            + "garden kitchen recipe bread coffee winter summer morning evening train station ticket hotel museum history science "
                            + "language sentence chapter paragraph summary draft letter meeting agenda deadline budget forecast quarter market price "
                            + "product design feature bug fix patch update upgrade install configure deploy monitor measure compare improve explain "
                            + "describe translate summarise rewrite list count sort filter group join split load store fetch send receive check "
                            + "because although however therefore instead usually often rarely probably clearly quickly slowly carefully simply "
                            + "different important possible difficult simple complex small large early late local global public common special")
                    .split(" ");
    private static final List<String> FOREIGN = List.of(
            "Könnten Sie bitte prüfen, ob die Übersetzung für das nächste Treffen fertig ist? Die Größe der Tabelle stimmt noch nicht. ",
            "Pourriez-vous vérifier le résumé du chapitre précédent ? Il manque une référence à l’été dernier. ",
            "¿Puedes explicar cómo funciona la función y añadir un ejemplo más sencillo? ",
            "请帮我检查这段代码的性能，并解释为什么缓存没有生效。",
            "Пожалуйста, проверьте таблицу и объясните, почему сумма за квартал не сходится. ");

    private final Random random;

    ChatText(long seed) {
        this.random = new Random(seed);
    }

    /** One message of about so many characters. */
    String message(int length) {
        StringBuilder text = new StringBuilder(length + 512);
        while (text.length() < length) {
            switch (random.nextInt(20)) {
                case 0, 1, 2 -> code(text);
                case 3 -> log(text);
                case 4, 5 -> json(text);
                case 6 -> list(text);
                case 7 ->
                    text.append(FOREIGN.get(random.nextInt(FOREIGN.size()))).append('\n');
                default -> paragraph(text);
            }
        }
        return text.toString();
    }

    private String word() {
        return random.nextInt(100) < 45
                ? FREQUENT[random.nextInt(FREQUENT.length)]
                : WORDS[random.nextInt(WORDS.length)];
    }

    private void paragraph(StringBuilder text) {
        for (int sentence = 2 + random.nextInt(5); sentence > 0; sentence--) {
            int start = text.length();
            for (int left = 6 + random.nextInt(14); left > 0; left--) {
                text.append(random.nextInt(40) == 0 ? String.valueOf(random.nextInt(2030)) : word());
                text.append(left == 1 ? "" : random.nextInt(12) == 0 ? ", " : " ");
            }
            text.setCharAt(start, Character.toUpperCase(text.charAt(start)));
            text.append(random.nextInt(8) == 0 ? "? " : ". ");
        }
        text.append(random.nextInt(6) == 0 ? "It’s “" + word() + "” — " + word() + ".\n\n" : "\n\n");
    }

    private void code(StringBuilder text) {
        text.append("```java\n");
        for (int line = 4 + random.nextInt(10); line > 0; line--) {
            String name = word() + Character.toUpperCase(word().charAt(0)) + word();
            switch (random.nextInt(5)) {
                case 0 ->
                    text.append("    if (")
                            .append(name)
                            .append(" != null && ")
                            .append(word())
                            .append(".size() > 0) {\n");
                case 1 ->
                    text.append("        return ")
                            .append(name)
                            .append("(")
                            .append(word())
                            .append(", ")
                            .append(random.nextInt(64))
                            .append(");\n");
                case 2 ->
                    text.append("    private final ")
                            .append(name)
                            .append("<String, Integer> ")
                            .append(word())
                            .append(" = new HashMap<>();\n");
                case 3 ->
                    text.append("    // ")
                            .append(word())
                            .append(' ')
                            .append(word())
                            .append(' ')
                            .append(word())
                            .append("\n    }\n");
                default ->
                    text.append("    log.info(\"")
                            .append(word())
                            .append(" {} took {} ms\\n\", ")
                            .append(name)
                            .append(");\n");
            }
        }
        text.append("```\n");
    }

    private void log(StringBuilder text) {
        for (int line = 3 + random.nextInt(8); line > 0; line--) {
            text.append(String.format(
                    java.util.Locale.ROOT,
                    "2025-%02d-%02dT%02d:%02d:%02d.%03dZ INFO  [worker-%d] com.acme.%s.%s - %s %s in %d ms%n",
                    1 + random.nextInt(12),
                    1 + random.nextInt(28),
                    random.nextInt(24),
                    random.nextInt(60),
                    random.nextInt(60),
                    random.nextInt(1000),
                    random.nextInt(16),
                    word(),
                    word(),
                    word(),
                    word(),
                    random.nextInt(5000)));
        }
    }

    private void json(StringBuilder text) {
        text.append("{\n");
        for (int line = 4 + random.nextInt(8); line > 0; line--) {
            text.append("  \"").append(word()).append('_').append(word()).append("\": ");
            switch (random.nextInt(4)) {
                case 0 -> text.append(random.nextInt(100_000));
                case 1 -> text.append(random.nextBoolean());
                case 2 ->
                    text.append("[\"")
                            .append(word())
                            .append("\", \"")
                            .append(word())
                            .append("\"]");
                default ->
                    text.append('"')
                            .append(word())
                            .append(' ')
                            .append(word())
                            .append(' ')
                            .append(word())
                            .append('"');
            }
            text.append(",\n");
        }
        text.append("}\n");
    }

    private void list(StringBuilder text) {
        for (int line = 3 + random.nextInt(5); line > 0; line--) {
            text.append("- **")
                    .append(word())
                    .append("**: ")
                    .append(word())
                    .append(' ')
                    .append(word());
            text.append(
                    random.nextInt(3) == 0
                            ? " (see https://docs.acme.dev/" + word() + "/" + word() + ".html)\n"
                            : "\n");
        }
    }
}
