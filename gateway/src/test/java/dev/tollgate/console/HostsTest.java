package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HostsTest {
    @Test
    void allows_onLoopback_loopbackNamesWithAnyPortOnly() {
        Hosts hosts = new Hosts("127.0.0.1", List.of());

        assertThat(List.of("localhost", "LOCALHOST:8788", "127.0.0.1:9000", "[::1]:8788"))
                .allMatch(hosts::allows);
        assertThat(List.of("", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8788", "0x7f000001"))
                .noneMatch(hosts::allows);
        assertThat(hosts.allows(null)).isFalse();
    }

    @Test
    void allows_onLoopbackWithAListedName_thatNameToo() {
        assertThat(new Hosts("127.0.0.1", List.of("console.example")).allows("console.example:443"))
                .isTrue();
    }

    @Test
    void allows_boundElsewhere_anyNameUnlessSomeAreListed() {
        assertThat(new Hosts("0.0.0.0", List.of()).allows("gateway.internal")).isTrue();
        assertThat(new Hosts("0.0.0.0", List.of("console.example")).allows("gateway.internal"))
                .isFalse();
    }
}
