package dev.tollgate.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

/** The pages' templates, compiled by the build into this package. */
final class Templates {
    private final TemplateEngine engine = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Templates.class.getClassLoader(), "dev.tollgate.console");

    /**
     * @param template name of the file without its ending
     * @param view what its one parameter takes
     */
    String render(String template, Object view) {
        StringOutput page = new StringOutput();
        engine.render(template + ".jte", view, page);
        return page.toString();
    }
}
