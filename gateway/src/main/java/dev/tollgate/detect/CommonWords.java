package dev.tollgate.detect;

import java.util.HashMap;
import java.util.Map;

/** How common a few characters in a row are in what people and programs write to models: enough to prefer the rare ones. */
final class CommonWords {
    private static final String WORDS = """
             the of and to in is you that it he was for on are as with his they at be this have from or one had by but not what all were we
             when your can said there use an each which she do how their if will up other about out many then them these so some her would
             make like him into time has look two more write go see number no way could people my than first water been call who its now find
             long down day did get come made may part over new sound take only little work know place year live me back give most very after
             thing our just name good sentence man think say great where help through much before line right too mean old any same tell boy
             follow came want show also around form three small set put end does another well large must big even such because turn here why
             ask went men read need land different home us move try kind hand picture again change off play spell air away animal house point
             page letter mother answer found study still learn should list text between without information example following question please
             using used user users based create provide data file files code function return value string import class error type object
             public private static true false null none import from print test tests self def int list item items input output result results
             model models system message messages content request response command commands option options config version default require
             required requirements complete comment company compare computer communication connection connect condition construct contain
             number method module main make makes making manage management application action actions active section selection position
             description definition documentation document documents development developer different service services server state status
             process project program property general generated generate generation available value values variable variables reading
             please note that this will allow you to ensure that the following steps are needed for understanding and testing the thing
             being having doing going something anything nothing everything interesting according including including working running setting
             ": " ", " =" -- ---- ==== //// **** #### .... ://www. https://github.com/ .com/ </ /> () {} [] => == != && || 0000 1234 2024 2025
            """;

    private static final String LETTERS = "kvbywgpfmucdlhrsnioate ";
    private static final Map<String, Integer> COUNTS = counts();

    private CommonWords() {}

    private static Map<String, Integer> counts() {
        final String text = WORDS.replaceAll("\\s+", " ");
        final Map<String, Integer> counts = new HashMap<>();
        for (int length = 2; length <= 4; length += 2) {
            for (int i = 0; i + length <= text.length(); i++) {
                counts.merge(text.substring(i, i + length), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** 0 for what is hardly ever met; more the more common. */
    static int commonness(String few) {
        int letters = 0;
        for (int i = 0; i < few.length(); i++) {
            letters += LETTERS.indexOf(few.charAt(i)) + 1;
        }
        return letters + 64 * COUNTS.getOrDefault(few, 0);
    }
}
