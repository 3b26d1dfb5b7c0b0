package dev.tollgate.detect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** The keywords as a tree, from which the tables of the automaton are computed. Used once, while rules are loaded. */
final class KeywordTrie {
    /** Letters that are frequent in texts get neighbouring columns, so that a step rarely leaves the cache line of its row. */
    private static final String FREQUENT = " etaoinsrhldcumfpgwybvkxjqz";

    private final List<String> keywords;
    private final Map<Character, Integer> asciiSymbols = new HashMap<>();
    private final Map<Character, Integer> wideSymbols = new HashMap<>();
    private final List<State> states = new ArrayList<>();

    private static final class State {
        private final Map<Character, State> children = new HashMap<>();
        private final List<Integer> ends = new ArrayList<>();
        private int number;
        private State fallback = this;
    }

    KeywordTrie(List<String> keywords) {
        this.keywords = keywords;
        FREQUENT.chars().forEach(c -> asciiSymbols.put((char) c, asciiSymbols.size() + 1));
        final State root = new State();
        for (int i = 0; i < keywords.size(); i++) {
            add(root, i);
        }
        number(root);
        if (states.size() > KeywordAutomaton.MOST_STATES) {
            throw new IllegalArgumentException(
                    "the keywords need " + states.size() + " states, allowed are " + KeywordAutomaton.MOST_STATES);
        }
    }

    private void add(State root, int index) {
        State state = root;
        for (char c : keywords.get(index).toCharArray()) {
            final Map<Character, Integer> symbols = c < KeywordAutomaton.ASCII ? asciiSymbols : wideSymbols;
            symbols.computeIfAbsent(c, any -> symbols.size() + 1);
            state = state.children.computeIfAbsent(c, any -> new State());
        }
        state.ends.add(index);
    }

    /** Breadth first, so that the states that texts dwell in lie together, and each fallback is known when it is needed. */
    private void number(State root) {
        final Queue<State> queue = new ArrayDeque<>(List.of(root));
        while (!queue.isEmpty()) {
            final State state = queue.remove();
            state.number = states.size();
            states.add(state);
            if (state != root) {
                state.ends.addAll(state.fallback.ends);
            }
            state.children.forEach((c, child) -> {
                child.fallback = state == root ? root : step(state.fallback, c);
                queue.add(child);
            });
        }
    }

    private State step(State from, char c) {
        State state = from;
        while (!state.children.containsKey(c) && state.number > 0) {
            state = state.fallback;
        }
        return state.children.getOrDefault(c, states.getFirst());
    }

    /** By character, its column; 0 for all that occur in no keyword. */
    byte[] asciiSymbols() {
        final byte[] symbols = new byte[KeywordAutomaton.ASCII];
        asciiSymbols.forEach((c, symbol) -> {
            symbols[c] = symbol.byteValue();
            symbols[Character.toUpperCase(c)] = symbol.byteValue();
        });
        return symbols;
    }

    char[] wideSymbols() {
        final char[] symbols = new char[Character.MAX_VALUE + 1];
        wideSymbols.forEach((c, symbol) -> {
            symbols[c] = (char) symbol.intValue();
            symbols[Character.toUpperCase(c)] = (char) symbol.intValue();
        });
        return symbols;
    }

    /** log2 of the length of a row of the ASCII table. */
    int shift() {
        return Integer.SIZE - Integer.numberOfLeadingZeros(asciiSymbols.size());
    }

    /** Length of a row of the other table. */
    int width() {
        return wideSymbols.size() + 1;
    }

    char[] asciiTable() {
        return table(asciiSymbols, 1 << shift());
    }

    char[] wideTable() {
        return table(wideSymbols, width());
    }

    private char[] table(Map<Character, Integer> symbols, int stride) {
        final char[] table = new char[states.size() * stride];
        for (State state : states) {
            symbols.forEach((c, symbol) -> {
                final State target = step(state, c);
                table[state.number * stride + symbol] =
                        (char) (target.ends.isEmpty() ? target.number : target.number | KeywordAutomaton.ENDS);
            });
        }
        return table;
    }

    int[][] endings() {
        return states.stream()
                .map(state -> state.ends.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    int[] lengths() {
        return keywords.stream().mapToInt(String::length).toArray();
    }
}
