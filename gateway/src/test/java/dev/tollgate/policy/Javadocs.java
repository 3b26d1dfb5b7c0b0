package dev.tollgate.policy;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** What the sources of this package say in their javadoc about records, their components and the constants of enums; as Markdown. */
final class Javadocs {
    private static final Path SOURCES = Path.of("src/main/java/dev/tollgate/policy");

    /** By class, {@code class.component} or {@code class.constant}. */
    private final Map<String, String> texts = new HashMap<>();

    static Javadocs read() throws IOException {
        Javadocs docs = new Javadocs();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null);
                Stream<Path> sources = Files.list(SOURCES)) {
            List<Path> records = sources.filter(
                            source -> source.toString().endsWith(".java") && !source.endsWith("package-info.java"))
                    .collect(Collectors.toCollection(ArrayList::new));
            records.add(SOURCES.resolveSibling("value").resolve("Unit.java"));
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(records));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                Void unused = docs.new Reader(trees).scan(unit, "");
            }
        }
        return docs;
    }

    /** What a type is; empty if nothing is said. */
    String of(Class<?> type) {
        return texts.getOrDefault(type.getSimpleName(), "");
    }

    /** What a component of a record, or a constant of an enum, is; empty if nothing is said. */
    String of(Class<?> type, String member) {
        return texts.getOrDefault(type.getSimpleName() + "." + member, "");
    }

    private final class Reader extends TreePathScanner<Void, String> {
        private final DocTrees trees;

        private Reader(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public Void visitClass(ClassTree type, String outer) {
            String name = type.getSimpleName().toString();
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null && (type.getKind() == Tree.Kind.RECORD || type.getKind() == Tree.Kind.ENUM)) {
                texts.put(name, markdown(comment.getFullBody()));
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param && !param.isTypeParameter()) {
                        texts.put(name + "." + param.getName(), markdown(param.getDescription()));
                    }
                }
            }
            return super.visitClass(type, name);
        }

        @Override
        public Void visitVariable(VariableTree variable, String owner) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null && variable.getModifiers().getFlags().contains(Modifier.STATIC)) {
                texts.put(owner + "." + variable.getName(), markdown(comment.getFullBody()));
            }
            return null;
        }
    }

    private static String markdown(List<? extends DocTree> trees) {
        return trees.stream()
                .map(Javadocs::markdown)
                .collect(Collectors.joining())
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String markdown(DocTree tree) {
        return switch (tree) {
            case TextTree text -> text.getBody();
            case LiteralTree code -> "`" + keyed(code.getBody().getBody()) + "`";
            case LinkTree link -> "`" + link.getReference().getSignature() + "`";
            case EntityTree entity -> entity.getName().contentEquals("lt") ? "<" : ">";
            default -> throw new IllegalStateException("say it without " + tree.getKind() + ": " + tree);
        };
    }

    /** A component's name as its key in YAML. */
    private static String keyed(String code) {
        return code.matches("[a-z]+([A-Z0-9][a-z0-9]*)+")
                ? code.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
                : code;
    }
}
