//! A hash that is the same on every machine and with every compiler.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// The 64-bit FNV-1a hash (Fowler, Noll, Vo; parameters from the IETF draft
/// draft-eastlake-fnv).
///
/// The standard library's hasher may change between releases of Rust; fingerprints and outcomes
/// are printed in documents and must not. Integers are fed in little-endian order.
#[derive(Debug, Clone)]
pub struct StableHasher(u64);

impl StableHasher {
    /// Starts a hash.
    #[must_use]
    pub const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Default for StableHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl Hasher for StableHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    // The provided integer methods feed native-endian bytes; these make the hash portable.
    fn write_u16(&mut self, value: u16) {
        self.write(&value.to_le_bytes());
    }
    fn write_u32(&mut self, value: u32) {
        self.write(&value.to_le_bytes());
    }
    fn write_u64(&mut self, value: u64) {
        self.write(&value.to_le_bytes());
    }
    fn write_usize(&mut self, value: usize) {
        self.write(&(value as u64).to_le_bytes());
    }
    fn write_isize(&mut self, value: isize) {
        self.write(&(value as i64).to_le_bytes());
    }
    fn write_i64(&mut self, value: i64) {
        self.write(&value.to_le_bytes());
    }
}

/// A 128-bit digest: what a search knows a value, a history or a state by. It is SipHash-1-3 with 128 bits of output
/// (Aumasson and Bernstein, INDOCRYPT 2012), the hash by which rustc knows its queries.
///
/// Two of n digests are equal by chance with a probability of about n^2 / 2^129: of a million states, below 10^-26. That
/// is the claim for values that do not depend on the hash; the keys are fixed, so that two runs agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest(pub(crate) u128);

/// Takes in what a digest is made of.
pub(crate) type Hasher128 = rustc_stable_hash::StableSipHasher128;

impl Digest {
    /// The digest of nothing: where a history begins.
    pub(crate) const fn new() -> Self {
        Self(0)
    }

    /// The digest of what a hasher was given.
    pub(crate) fn finish(hasher: Hasher128) -> Self {
        hasher.finish()
    }

    /// The digest of one value.
    pub(crate) fn of(value: &(impl std::hash::Hash + ?Sized)) -> u128 {
        let mut hasher = Hasher128::new();
        value.hash(&mut hasher);
        Self::finish(hasher).0
    }

    /// Continues the sequence of the digest: the digest of a sequence that ends in this value.
    pub(crate) fn add(&mut self, value: &(impl std::hash::Hash + ?Sized)) {
        // The digest has a fixed length, so no two sequences are fed to the hasher alike.
        self.0 = Self::of(&(self.0, value));
    }
}

impl Default for Digest {
    fn default() -> Self {
        Self::new()
    }
}

impl rustc_stable_hash::FromStableHash for Digest {
    type Hash = rustc_stable_hash::SipHasher128Hash;

    fn from(rustc_stable_hash::SipHasher128Hash([low, high]): Self::Hash) -> Self {
        Self(u128::from(low) | u128::from(high) << 64)
    }
}

/// A table by digests, which are hashes already: the low half of a digest is its own.
pub(crate) type ByDigest<T> = HashMap<u128, T, BuildHasherDefault<LowHalf>>;

/// Takes the low half of a digest for its hash.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct LowHalf(u64);

impl Hasher for LowHalf {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low half is asked for")]
    fn write_u128(&mut self, value: u128) {
        self.0 = value as u64;
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn published_test_vectors() {
        let hash = |text: &str| {
            let mut hasher = StableHasher::new();
            hasher.write(text.as_bytes());
            hasher.finish()
        };
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn two_values_that_a_multiplication_and_a_fold_confuse_have_two_digests() {
        // Constructed against a digest of the form (state ^ word) * prime, folded.
        let one = Digest::of(&(17_514_350_788_446_549_112_u64, 0_u64));
        let other = Digest::of(&(
            5_052_890_262_890_368_217_u64,
            11_142_540_738_736_560_041_u64,
        ));
        assert_ne!(one, other);
    }

    #[test]
    fn a_history_is_no_shorter_history_with_another_value() {
        let history = |values: &[u8]| {
            let mut digest = Digest::new();
            for value in values {
                digest.add(value);
            }
            digest
        };
        assert_ne!(history(&[]), history(&[0]));
        assert_ne!(history(&[0]), history(&[0, 0]));
        assert_ne!(history(&[1, 2]), history(&[2, 1]));
        assert_eq!(history(&[1, 2]), history(&[1, 2]));
    }
}
