package dev.tollgate.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.value.Person.Duty;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersonTest {
    private static final Person ANN = new Person(
            "ann@example.com",
            List.of(
                    new Duty(Person.APPROVER, "search"),
                    new Duty("security", Person.ALL_TEAMS),
                    new Duty(Person.VIEWER, "web")));

    @Test
    void duties_ofOneTeam_areNotThoseOfAnother() {
        assertThat(ANN.mayDecide("search")).isTrue();
        assertThat(ANN.mayDecide("web")).isFalse();
        assertThat(ANN.maySee("web")).isTrue();
        assertThat(ANN.has("security", "anything")).isTrue();
        assertThat(ANN.isAdmin()).isFalse();
    }

    @Test
    void admin_maySeeAndDecideEverything_andHoldsNoOtherRole() {
        Person admin = Person.admin("admin");

        assertThat(admin.isAdmin()).isTrue();
        assertThat(admin.mayDecide("search")).isTrue();
        assertThat(admin.has("security", "search")).isFalse();
    }

    @Test
    void adminOfOneTeam_isNoAdmin() {
        Person admin = new Person("bob", List.of(new Duty(Person.ADMIN, "search")));

        assertThat(admin.isAdmin()).isFalse();
        assertThat(admin.mayDecide("search")).isTrue();
        assertThat(admin.maySee("web")).isFalse();
    }

    @Test
    void nobody_isNoPerson() {
        assertThatThrownBy(() -> new Person(" ", List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
