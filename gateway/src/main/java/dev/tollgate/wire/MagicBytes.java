package dev.tollgate.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows media and archives by their first bytes. */
final class MagicBytes {
    /**
     * @param offset where the bytes stand
     * @param bytes as ISO 8859-1
     */
    private record Mark(int offset, String bytes, String type) {}

    private static final List<Mark> MARKS = List.of(
            new Mark(0, "\u0089PNG\r\n", "image/png"),
            new Mark(0, "\u00ff\u00d8\u00ff", "image/jpeg"),
            new Mark(0, "GIF8", "image/gif"),
            new Mark(8, "WEBP", "image/webp"),
            new Mark(0, "II*\0", "image/tiff"),
            new Mark(0, "MM\0*", "image/tiff"),
            new Mark(0, "%PDF-", "application/pdf"),
            new Mark(8, "WAVE", "audio/wav"),
            new Mark(0, "ID3", "audio/mpeg"),
            new Mark(0, "\u00ff\u00fb", "audio/mpeg"),
            new Mark(0, "\u00ff\u00f3", "audio/mpeg"),
            new Mark(0, "OggS", "audio/ogg"),
            new Mark(0, "fLaC", "audio/flac"),
            new Mark(4, "ftyp", "video/mp4"),
            new Mark(0, "\u001aE\u00df\u00a3", "video/webm"),
            new Mark(0, "PK\u0003\u0004", "application/zip"),
            new Mark(0, "\u001f\u008b", "application/gzip"),
            new Mark(0, "(\u00b5/\u00fd", "application/zstd"),
            new Mark(0, "7z\u00bc\u00af", "application/x-7z-compressed"));

    private MagicBytes() {}

    /** The type that the first bytes of something show, or null. */
    static @Nullable String type(byte[] head) {
        String start = new String(head, StandardCharsets.ISO_8859_1);
        for (Mark mark : MARKS) {
            if (start.startsWith(mark.bytes, mark.offset)) {
                return mark.type;
            }
        }
        return null;
    }
}
