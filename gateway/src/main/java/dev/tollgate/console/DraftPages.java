package dev.tollgate.console;

import dev.tollgate.console.PolicyDesk.Draft;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** A file of the policy bundle, tried out before it is put in force: what is wrong with it, or what it would change. */
final class DraftPages {
    private final Shell shell;

    DraftPages(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the page shows.
     *
     * @param files of the bundle, by name, with their texts
     * @param file that is tried out
     * @param text of it
     * @param isRehearsed whether past calls are judged by it
     * @param draft what came of it; at most one
     */
    record View(
            Frame frame, Map<String, String> files, String file, String text, boolean isRehearsed, List<Draft> draft) {
        @Override
        public String toString() {
            return "View[" + file + ", text redacted]";
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get("/policy/draft", Access.PAGE, Need.ADMIN_OF_ALL, this::page),
                Route.post("/policy/draft", Access.PAGE, Need.ADMIN_OF_ALL, this::tryOut));
    }

    private Future<Reply> page(Call call) {
        String file = call.query().get("file");
        return shell.page(
                call,
                Frame.Section.POLICY,
                "draft",
                shell.rooms().policy().files(),
                (frame, files) -> view(frame, files, file));
    }

    private static View view(Frame frame, Map<String, String> files, String file) {
        String shown = files.containsKey(file)
                ? file
                : files.keySet().stream().findFirst().orElse("policy.yaml");
        return new View(frame, files, shown, files.getOrDefault(shown, ""), false, List.of());
    }

    private Future<Reply> tryOut(Call call) {
        String file = call.form().get("file");
        String text = call.form().get("text") + "\n";
        boolean isRehearsed = call.form().get("rehearse").equals("yes");
        Future<Draft> draft = shell.administration(call)
                .tryingOut(file, () -> shell.rooms().policy().tryOut(file, text, isRehearsed));
        return shell.page(
                call,
                Frame.Section.POLICY,
                "draft",
                draft.compose(found -> shell.rooms().policy().files().map(files -> Map.entry(found, files))),
                (frame, both) -> new View(frame, both.getValue(), file, text, isRehearsed, List.of(both.getKey())));
    }
}
