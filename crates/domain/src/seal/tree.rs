//! The Merkle tree of RFC 9162, section 2.1.1, as far as appending needs it: of every complete
//! subtree only the peaks are kept, so that a tree of any size is at most 64 hashes.

use sha2::{Digest, Sha256};

use super::Hash;

/// The hash of a leaf.
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    Hash(Sha256::new_with_prefix([0]).chain_update(bytes).finalize().into())
}

/// The hash of an inner node.
pub fn node_hash(left: Hash, right: Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(&left.0);
    bytes[33..].copy_from_slice(&right.0);
    Hash::of(&bytes)
}

/// A tree that can be appended to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    size: u64,
    /// One root per complete subtree, the largest first: one for each bit of the size.
    peaks: Vec<Hash>,
}

impl Tree {
    /// The tree with these peaks, if a tree of that size has so many.
    pub fn from_peaks(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (peaks.len() == size.count_ones() as usize).then_some(Self { size, peaks })
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of its complete subtrees, the largest first.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// One leaf more.
    pub fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        // Each trailing one of the size is a subtree that this leaf makes part of a larger one.
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("there is a peak for each bit of the size");
            node = node_hash(left, node);
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root; of no leaves, the digest of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(smallest) = peaks.next() else { return Hash::of(&[]) };
        peaks.fold(smallest, |right, left| node_hash(left, right))
    }
}
