package dev.tollgate.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.store.file.AdminTokenFile.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminTokenFileTest {
    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();

    @Test
    void open_firstTime_makesATokenThatOnlyTheOwnerCanRead() throws IOException {
        Opened opened = AdminTokenFile.open(folder, random);

        Path file = folder.resolve(AdminTokenFile.NAME);
        assertThat(opened.created()).isTrue();
        assertThat(opened.token()).matches("tga_[A-Za-z0-9_-]{43}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(opened.toString()).doesNotContain(opened.token());
    }

    @Test
    void open_again_readsTheSameToken() throws IOException {
        Opened first = AdminTokenFile.open(folder, random);

        Opened second = AdminTokenFile.open(folder, random);

        assertThat(second).isEqualTo(new Opened(first.token(), false));
    }

    @Test
    void open_fileThatOthersCanRead_refuses() throws IOException {
        String token = AdminTokenFile.open(folder, random).token();
        Path file = folder.resolve(AdminTokenFile.NAME);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> AdminTokenFile.open(folder, random))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rw-r--r--")
                .hasMessageNotContaining(token);
    }

    @Test
    void open_tokenThatIsTooShort_refuses() throws IOException {
        Path file = folder.resolve(AdminTokenFile.NAME);
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rw-------");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
        Files.writeString(file, "hunter2\n");

        assertThatThrownBy(() -> AdminTokenFile.open(folder, random))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("at least 32")
                .hasMessageNotContaining("hunter2");
    }
}
