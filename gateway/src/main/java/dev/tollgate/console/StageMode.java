package dev.tollgate.console;

import dev.tollgate.policy.Mode;

/**
 * How one stage's decisions are taken.
 *
 * @param stage its name for people
 * @param mode in force
 */
record StageMode(String stage, Mode mode) {
    String tone() {
        return switch (mode) {
            case ENFORCE -> "good";
            case OBSERVE -> "warn";
            case OFF -> "quiet";
        };
    }

    String meaning() {
        return switch (mode) {
            case ENFORCE -> "decides and enforces";
            case OBSERVE -> "decides and records, lets every call pass";
            case OFF -> "does not look";
        };
    }
}
