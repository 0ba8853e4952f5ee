//! Proofs of RFC 9162, sections 2.1.3 and 2.1.4: that a leaf is in a tree, and that one tree begins
//! with another. Whoever checks needs the roots alone.

use super::{Hash, Tree, node_hash};

/// The proof that the leaf `index` is in the tree of `leaves`; none when it is not among them.
pub fn inclusion(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    (index < leaves.len()).then(|| {
        let mut path = Vec::new();
        climb(leaves, index, &mut path);
        path
    })
}

/// The proof that the tree of `leaves` begins with the tree of the first `old_size` of them; none
/// when there are not so many.
pub fn consistency(leaves: &[Hash], old_size: usize) -> Option<Vec<Hash>> {
    (old_size <= leaves.len()).then(|| {
        let mut path = Vec::new();
        if old_size > 0 && old_size < leaves.len() {
            subproof(leaves, old_size, true, &mut path);
        }
        path
    })
}

/// Whether `path` proves that `leaf` is the leaf `index` of the tree of that size and root.
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, path: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(*sibling, hash);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            hash = node_hash(hash, *sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    last == 0 && hash == root
}

/// Whether `path` proves that the tree `new` begins with the tree `old`, both as size and root.
pub fn verify_consistency(old: (u64, Hash), new: (u64, Hash), path: &[Hash]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size == new_size {
        return path.is_empty() && old_root == new_root;
    }
    if old_size == 0 {
        return path.is_empty() && old_root == Tree::default().root();
    }
    if old_size > new_size {
        return false;
    }
    // A complete old tree is itself the first node of the path, which then leaves it out.
    let mut path = path.iter().copied();
    let first = if old_size.is_power_of_two() { Some(old_root) } else { path.next() };
    let Some(first) = first else { return false };
    let (mut node, mut last) = (old_size - 1, new_size - 1);
    while node & 1 == 1 {
        (node, last) = (node >> 1, last >> 1);
    }
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, old_hash);
            new_hash = node_hash(sibling, new_hash);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            new_hash = node_hash(new_hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    last == 0 && old_hash == old_root && new_hash == new_root
}

fn climb(leaves: &[Hash], index: usize, path: &mut Vec<Hash>) {
    if leaves.len() < 2 {
        return;
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    if index < left.len() {
        climb(left, index, path);
        path.push(root(right));
    } else {
        climb(right, index - left.len(), path);
        path.push(root(left));
    }
}

/// `SUBPROOF` of the RFC: `whole` says that the verifier knows the root of all these leaves.
fn subproof(leaves: &[Hash], old_size: usize, whole: bool, path: &mut Vec<Hash>) {
    if old_size == leaves.len() {
        if !whole {
            path.push(root(leaves));
        }
        return;
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    if old_size <= left.len() {
        subproof(left, old_size, whole, path);
        path.push(root(right));
    } else {
        subproof(right, old_size - left.len(), false, path);
        path.push(root(left));
    }
}

/// The largest power of two below `len`, which is at least two.
fn split(len: usize) -> usize {
    len.next_power_of_two() / 2
}

fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Tree::default();
    leaves.iter().for_each(|leaf| tree.append(*leaf));
    tree.root()
}
