package dev.tollgate.approval;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.Program;
import dev.cel.validator.CelValidator;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.RegexLiteralValidator;
import dev.tollgate.policy.PolicyException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * CEL with the variables of a call. What a condition may cost is bounded: its length, its depth, the rounds of its loops; patterns run
 * in linear time (RE2).
 */
final class HoldLanguage {
    /** Longest condition, in characters. */
    static final int MAX_LENGTH = 4_000;
    /** Most rounds of all loops ({@code exists}, {@code all}, …) in one evaluation. */
    static final int MAX_ROUNDS = 10_000;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_PATTERN_PROGRAM = 1_000;
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .maxExpressionCodePointSize(MAX_LENGTH)
            .maxParseRecursionDepth(MAX_DEPTH)
            .comprehensionMaxIterations(MAX_ROUNDS)
            .maxRegexProgramSize(MAX_PATTERN_PROGRAM)
            .build();

    private final CelCompiler compiler;
    private final CelRuntime runtime;
    private final CelValidator validator;

    /** @param variables what conditions can ask, with their types */
    HoldLanguage(Map<String, CelType> variables) {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setResultType(SimpleType.BOOL);
        variables.forEach(builder::addVar);
        compiler = builder.build();
        HoldPatterns patterns = new HoldPatterns(MAX_PATTERN_PROGRAM);
        runtime = CelRuntimeFactory.legacyCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .setStandardEnvironmentEnabled(false)
                .setStandardFunctions(CelStandardFunctions.newBuilder()
                        .excludeFunctions(StandardFunction.MATCHES)
                        .build())
                .addFunctionBindings(
                        CelFunctionBinding.from("matches", String.class, String.class, patterns::isFound),
                        CelFunctionBinding.from("matches_string", String.class, String.class, patterns::isFound))
                .build();
        validator = CelValidatorFactory.standardCelValidatorBuilder(compiler, runtime)
                .addAstValidators(RegexLiteralValidator.INSTANCE)
                .build();
    }

    /**
     * @param path YAML path of the condition
     * @throws PolicyException with line and column within the condition
     */
    Program program(String path, String condition) throws PolicyException {
        try {
            CelAbstractSyntaxTree tree = compiler.compile(condition).getAst();
            CelValidationResult validated = validator.validate(tree);
            if (validated.hasError()) {
                throw refused(path, validated.getErrors());
            }
            return runtime.createProgram(tree);
        } catch (CelValidationException invalid) {
            throw refused(path, invalid.getErrors());
        } catch (CelEvaluationException invalid) {
            throw PolicyException.at(path, "not a usable CEL expression: " + invalid.getErrorCode());
        }
    }

    private static PolicyException refused(String path, List<CelIssue> issues) {
        return PolicyException.at(
                path, issues.stream().map(HoldLanguage::sentence).collect(Collectors.joining("; ")));
    }

    private static String sentence(CelIssue issue) {
        return "line " + issue.getSourceLocation().getLine() + ", column "
                + (issue.getSourceLocation().getColumn() + 1) + ": " + issue.getMessage();
    }
}
