package dev.tollgate.wire;

/**
 * A call of a tool in a reply.
 *
 * @param place which call of the reply it is, for {@link ToolGate}
 * @param tool its name
 * @param arguments as the model wrote them, normally JSON
 */
public record CalledTool(String place, String tool, String arguments) {
    @Override
    public String toString() {
        return "CalledTool[" + tool + ", redacted]";
    }
}
