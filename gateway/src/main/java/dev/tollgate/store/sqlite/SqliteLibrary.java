package dev.tollgate.store.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/**
 * The native library of SQLite, in one place of the data folder. Left alone, the driver unpacks it into the temporary folder at each start, under
 * a new name: a node that is killed leaves one megabyte behind each time, and nobody removes it.
 */
final class SqliteLibrary {
    static final String FOLDER = "native";
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);

    private SqliteLibrary() {}

    /**
     * Unpacks it where it is not yet, and tells the driver where it is. To be called before the first connection of the process; later calls do
     * nothing, nor does any where the operator has named a library. Where it cannot be written or loaded, the driver unpacks it for itself.
     */
    static synchronized void unpack(Path dataFolder) {
        if (System.getProperty(PATH) != null) {
            return;
        }
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (packed == null) {
                LOG.debug("the driver has no library {}", resource);
                return;
            }
            String name = place(dataFolder, packed.readAllBytes());
            System.setProperty(PATH, dataFolder.resolve(FOLDER).toAbsolutePath().toString());
            System.setProperty(NAME, name);
        } catch (IOException cannotWrite) {
            LOG.info("SQLite's library is unpacked into the temporary folder: {}", cannotWrite.toString());
        }
    }

    /**
     * Other content under its name, left by a crash or put there by somebody, is replaced before it is loaded.
     *
     * @return the name
     */
    private static String place(Path dataFolder, byte[] content) throws IOException {
        String name = "sqlite-" + SQLiteJDBCLoader.getVersion() + "-"
                + OSInfo.getNativeLibFolderPathForCurrentOS().replace('/', '-') + "-"
                + LibraryLoaderUtil.getNativeLibName();
        Path folder = dataFolder.resolve(FOLDER);
        Path library = folder.resolve(name);
        if (Files.exists(library) && Arrays.equals(Files.readAllBytes(library), content)) {
            return name;
        }
        Files.createDirectories(folder, SqlitePayloads.mode(dataFolder, "rwx------"));
        removeOthers(folder);
        Path made = Files.createTempFile(folder, "made", "", SqlitePayloads.mode(folder, "rwx------"));
        Files.write(made, content);
        Files.move(made, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return name;
    }

    /** Of older versions. A process that has one of them loaded keeps it. */
    private static void removeOthers(Path folder) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(folder)) {
            for (Path other : others) {
                Files.delete(other);
            }
        }
    }
}
