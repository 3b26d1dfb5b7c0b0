package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which part of a conversation this turn brings in. Clients send the whole history again with each call: what stands before the model's
 * last answer has been judged when it was new. Instructions and tool definitions are sent again too, and so are new only as long as the
 * model has not answered. What a client puts into the model's mouth at the very end (a prefilled answer) is new. Labels and unknown
 * members belong to this call alone and are always new.
 */
final class Conversation {
    private Conversation() {}

    /** Index of the first new item: all of them where the model has not answered yet. */
    static int firstNew(List<Json> items, Predicate<Json.Obj> fromModel) {
        int index = items.size();
        while (index > 0 && isFromModel(items.get(index - 1), fromModel)) {
            index--;
        }
        while (index > 0 && !isFromModel(items.get(index - 1), fromModel)) {
            index--;
        }
        return index;
    }

    private static boolean isFromModel(Json item, Predicate<Json.Obj> fromModel) {
        return item instanceof Json.Obj object && fromModel.test(object);
    }
}
