package dev.tollgate.exchange;

/**
 * One text of a request body: what it says, where it stands, and which bytes it came from.
 *
 * @param value the decoded text
 * @param place who wrote it
 * @param path where it stands, as a JSON path such as {@code messages[3].content[0].text}; {@code body} for a body that is no JSON
 * @param start offset of its first byte in the decoded body; of the opening quote for a JSON string
 * @param end one past its last byte; past the closing quote for a JSON string
 * @param isJsonString whether a replacement must be written as a JSON string with quotes
 * @param isNew whether this turn brought it in; false for history that the agent sends again
 */
public record Text(String value, Place place, String path, int start, int end, boolean isJsonString, boolean isNew) {
    @Override
    public String toString() {
        return "Text[" + place + " " + path + ", " + value.length() + " characters, redacted]";
    }
}
