//! A hash that is the same on every machine and with every compiler.

use std::hash::Hasher;

/// The 64-bit FNV-1a hash (Fowler, Noll, Vo; parameters from the IETF draft
/// draft-eastlake-fnv).
///
/// The standard library's hasher may change between releases of Rust; fingerprints and outcomes
/// are printed in documents and must not. Integers are fed in little-endian order.
///
/// ```
/// use pagelock::engine::StableHasher;
/// use std::hash::Hasher;
///
/// let mut text = StableHasher::new();
/// text.write(b"foobar");
/// // The number that is published for this text.
/// assert_eq!(text.finish(), 0x8594_4171_f739_67e8);
///
/// let (mut number, mut bytes) = (StableHasher::new(), StableHasher::new());
/// number.write_u32(0x0102);
/// bytes.write(&[0x02, 0x01, 0, 0]);
/// assert_eq!(number.finish(), bytes.finish());
/// ```
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

/// A 128-bit hash of whole words: what a stateful search knows a state by. A word is mixed in by a
/// multiplication with an odd number and a fold of the high half onto the low one, so that each step
/// can be undone and no two words collide in it.
///
/// Of a hundred thousand states, two have the same digest by chance with a probability below
/// 10^-28; of 64 bits, with one of 10^-10 for each search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest(pub(crate) u128);

impl Digest {
    pub(crate) const fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// The digest of one value.
    pub(crate) fn of(value: &(impl std::hash::Hash + ?Sized)) -> u128 {
        let mut digest = Self::new();
        value.hash(&mut digest);
        digest.0
    }
}

impl Hasher for Digest {
    // The low half; whoever wants all of it reads the field.
    #[expect(clippy::cast_possible_truncation, reason = "the low half is asked for")]
    fn finish(&self) -> u64 {
        self.0 as u64
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u128(&mut self, value: u128) {
        self.write_u64(low(value));
        self.write_u64(low(value >> 64));
    }
    fn write_u64(&mut self, value: u64) {
        const PRIME: u128 = 0x2d35_8dcc_aa6c_78a5_8bb8_4b93_962e_acc9;
        self.0 = (self.0 ^ u128::from(value)).wrapping_mul(PRIME);
        self.0 ^= self.0 >> 64;
    }
    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }
    fn write_u16(&mut self, value: u16) {
        self.write_u64(u64::from(value));
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
    fn write_isize(&mut self, value: isize) {
        self.write_u64((value as i64).cast_unsigned());
    }
    fn write_i64(&mut self, value: i64) {
        self.write_u64(value.cast_unsigned());
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is asked for")]
fn low(value: u128) -> u64 {
    value as u64
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
}
