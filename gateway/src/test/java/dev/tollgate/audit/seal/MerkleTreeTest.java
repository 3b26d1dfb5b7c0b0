package dev.tollgate.audit.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the definition of RFC 6962 §2.1, written down once more as it stands there. */
final class MerkleTreeTest {
    private static final int MOST = 70;

    @Test
    void root_ofEverySize_isThatOfTheDefinition() throws Exception {
        CompactRange tree = new CompactRange();
        for (int size = 0; size <= MOST; size++) {
            assertThat(tree.root()).as("size %d", size).isEqualTo(defined(leaves(size)));
            assertThat(CompactRange.of(size, tree.hashes()).root()).isEqualTo(tree.root());
            tree.append(leaf(size));
        }
    }

    @Test
    void emptyTree_hasTheHashOfNothing() {
        assertThat(HexFormat.of().formatHex(new CompactRange().root()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void proof_ofEveryLeafInEverySize_holdsForItAlone() throws Exception {
        for (int size = 1; size <= 40; size++) {
            byte[] root = defined(leaves(size));
            for (int index = 0; index < size; index++) {
                List<byte[]> proof = proof(index, size, 0);

                assertThat(InclusionProof.holds(index, size, leaf(index), proof, root))
                        .as("%d in %d", index, size)
                        .isTrue();
                assertThat(InclusionProof.holds(index, size, leaf(index + 1), proof, root))
                        .isFalse();
                assertThat(InclusionProof.holds(index + 1, size, leaf(index), proof, root))
                        .isFalse();
                for (int i = 0; i < proof.size(); i++) {
                    List<byte[]> shorter = new ArrayList<>(proof);
                    assertThat(shorter.remove(i)).isNotNull();
                    assertThat(InclusionProof.holds(index, size, leaf(index), shorter, root))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void proof_begunBehindLeavesThatAreGone_isTheSame() throws Exception {
        int size = 37;
        for (int cut = 0; cut < size; cut++) {
            for (int index = cut; index < size; index++) {
                List<byte[]> whole = proof(index, size, 0);
                List<byte[]> behind = proof(index, size, cut);
                assertThat(behind).hasSameSizeAs(whole);
                for (int i = 0; i < whole.size(); i++) {
                    assertThat(behind.get(i))
                            .as("%d of %d behind %d", index, size, cut)
                            .isEqualTo(whole.get(i));
                }
            }
        }
    }

    @Test
    void rangeAndProof_thatCannotBe_areRefused() {
        assertThatThrownBy(() -> CompactRange.of(3, List.of(new byte[32])))
                .hasMessageContaining("do not make a tree of 3");
        assertThatThrownBy(() -> new InclusionProof(3, 3)).hasMessageContaining("not in a tree of 3");
        assertThatThrownBy(() -> new InclusionProof(1, 3).hashes()).hasMessageContaining("only 0 of 3");
    }

    private static List<byte[]> proof(int index, int size, int cut) throws Exception {
        InclusionProof proof = new InclusionProof(index, size);
        CompactRange before = new CompactRange();
        leaves(cut).forEach(before::append);
        proof.begin(before);
        for (int i = cut; i < size + 3; i++) {
            proof.take(leaf(i));
        }
        return proof.hashes();
    }

    private static List<byte[]> leaves(int count) throws Exception {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leaves.add(leaf(i));
        }
        return leaves;
    }

    private static byte[] leaf(int number) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(new byte[] {0, (byte) number});
    }

    /** MTH of RFC 6962 §2.1 over hashes of leaves. */
    private static byte[] defined(List<byte[]> leaves) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        if (leaves.isEmpty()) {
            return sha.digest();
        }
        if (leaves.size() == 1) {
            return Arrays.copyOf(leaves.getFirst(), TreeHash.LENGTH);
        }
        int middle = Integer.highestOneBit(leaves.size() - 1);
        sha.update((byte) 1);
        sha.update(defined(leaves.subList(0, middle)));
        sha.update(defined(leaves.subList(middle, leaves.size())));
        return sha.digest();
    }
}
