package dev.tollgate.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The segment files of a journal folder: numbered from 1 without gaps, in the order in which they were written. */
final class Segments {
    private static final Pattern NAME = Pattern.compile("(\\d{10})\\.journal");

    private Segments() {}

    static String fileName(long number) {
        return String.format(Locale.ROOT, "%010d.journal", number);
    }

    static Path file(Path folder, long number) {
        return folder.resolve(fileName(number));
    }

    /** The file that holds what comes before a segment. */
    static Path base(Path folder, long number) {
        return folder.resolve(String.format(Locale.ROOT, "%010d.base", number));
    }

    /** Numbers of the segments that are there, ascending; none where there is no such folder. */
    static List<Long> list(Path folder) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.journal")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    numbers.add(Long.valueOf(name.group(1)));
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        numbers.sort(null);
        return numbers;
    }

    /** Whether a folder's oldest segment is where the journal begins since what came before was dropped. */
    static boolean isBegin(Path folder, long oldest) {
        return oldest > 1 && Files.exists(base(folder, oldest));
    }

    /** Bytes from one place to another; 0 where the second is not behind the first, and for segments that are gone. */
    static long bytesBetween(Path folder, Position from, Position to) throws IOException {
        if (to.compareTo(from) <= 0) {
            return 0;
        }
        long bytes = to.offset();
        for (long number = from.segment(); number < to.segment(); number++) {
            Path file = file(folder, number);
            bytes += Files.exists(file) ? Files.size(file) : 0;
        }
        return Math.max(0, bytes - from.offset());
    }

    /** Bytes of all segments. */
    static long bytes(Path folder) throws IOException {
        long bytes = 0;
        for (long number : list(folder)) {
            bytes += Files.size(file(folder, number));
        }
        return bytes;
    }

    /** Forces the folder's entries to the disk, so that a new file survives power loss. Does nothing where folders cannot be opened. */
    static void forceFolder(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
