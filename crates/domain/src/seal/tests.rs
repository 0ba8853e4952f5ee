//! The oracle is the tree of the certificate-transparency reference implementation: eight leaves,
//! the roots of all their prefixes, and proofs between them.

use proptest::prelude::*;

use super::*;
use crate::id::Id;

const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Index, size, path.
const INCLUSIONS: [(usize, usize, &[&str]); 5] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// Old size, new size, path.
const CONSISTENCIES: [(usize, usize, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

fn reference() -> Vec<Hash> {
    LEAVES.iter().map(|leaf| leaf_hash(leaf)).collect()
}

fn hashes(texts: &[&str]) -> Vec<Hash> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Tree::default();
    leaves.iter().for_each(|leaf| tree.append(*leaf));
    tree.root()
}

/// The definition of the RFC, word for word.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(&[]),
        [leaf] => *leaf,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            node_hash(defined_root(&leaves[..k]), defined_root(&leaves[k..]))
        }
    }
}

#[test]
fn roots_are_those_of_the_reference() {
    let leaves = reference();
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(root(&leaves[..size]).to_string(), *expected, "size {size}");
    }
}

#[test]
fn inclusion_proofs_are_those_of_the_reference() {
    let leaves = reference();
    for (index, size, expected) in INCLUSIONS {
        let path = inclusion(&leaves[..size], index).unwrap();
        assert_eq!(path, hashes(expected), "leaf {index} of {size}");
    }
    assert_eq!(inclusion(&leaves, 8), None);
}

#[test]
fn consistency_proofs_are_those_of_the_reference() {
    let leaves = reference();
    for (old, new, expected) in CONSISTENCIES {
        let path = consistency(&leaves[..new], old).unwrap();
        assert_eq!(path, hashes(expected), "{old} to {new}");
    }
    assert_eq!(consistency(&leaves, 9), None);
}

#[test]
fn leaves_differ_in_whatever_they_commit_to() {
    let scope = Id::fresh(1, [1; 10]);
    let leaf = Leaf { scope, kind: Kind::Entry, key: "k", at_us: 1, content: Some(Hash([0; 32])) };
    let all = [
        leaf,
        Leaf { scope: Id::fresh(2, [1; 10]), ..leaf },
        Leaf { kind: Kind::Decision, ..leaf },
        Leaf { key: "l", ..leaf },
        Leaf { at_us: 2, ..leaf },
        Leaf { content: Some(Hash([1; 32])), ..leaf },
        Leaf { content: None, ..leaf },
    ];
    let distinct: std::collections::BTreeSet<Hash> = all.iter().map(Leaf::hash).collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn the_bytes_of_a_leaf_never_change() {
    let scope = Id::from_uuid(uuid::Uuid::from_u128(7));
    let content = Content::new().text("a").text_or_null(None).number(-1).bytes(&[0, 255]);
    let content = Some(content.digest());
    let leaf = Leaf { scope, kind: Kind::Entry, key: "ent_1", at_us: 1_800_000, content };
    expect_test::expect!["a666e6dbe069ff22f9619785dd6c7cedc1361c80fcb8fbe3774d8bf9968d9931"]
        .assert_eq(&leaf.hash().to_string());
    expect_test::expect!["2e05cac290659d47203a840b118583b235a70d0f633417f4a2c1988547193f4c"]
        .assert_eq(&commitment(&[9; 32], "ada").to_string());
}

#[test]
fn columns_cannot_lend_each_other_their_bytes() {
    let digests = [
        Content::new().text("ab").text("c"),
        Content::new().text("a").text("bc"),
        Content::new().text("abc"),
        Content::new().text("abc").text(""),
        Content::new().text("abc").text_or_null(None),
        Content::new().bytes(b"abc"),
    ];
    let distinct: std::collections::BTreeSet<Hash> =
        digests.into_iter().map(Content::digest).collect();
    assert_eq!(distinct.len(), 6);
}

#[test]
fn a_commitment_rests_on_its_salt() {
    assert_ne!(commitment(&[1; 32], "ada"), commitment(&[2; 32], "ada"));
    assert_ne!(commitment(&[1; 32], "ada"), commitment(&[1; 32], "bob"));
}

#[test]
fn what_is_no_digest_is_refused() {
    assert_eq!("".parse::<Hash>(), Err(NoHash));
    assert_eq!("é".repeat(32).parse::<Hash>(), Err(NoHash));
    assert_eq!(format!("{}g", "0".repeat(63)).parse::<Hash>(), Err(NoHash));
    assert_eq!(Tree::from_peaks(3, vec![Hash([0; 32])]), None);
}

fn many(count: usize) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

proptest! {
    #[test]
    fn trees_grow_as_the_rfc_defines_them(count in 0_usize..300, cut in 0_usize..300) {
        let leaves = many(count);
        let cut = cut.min(count);
        let mut tree = Tree::default();
        leaves[..cut].iter().for_each(|leaf| tree.append(*leaf));
        let mut tree = Tree::from_peaks(tree.size(), tree.peaks().to_vec()).unwrap();
        prop_assert_eq!(tree.root(), defined_root(&leaves[..cut]));
        leaves[cut..].iter().for_each(|leaf| tree.append(*leaf));
        prop_assert_eq!(tree.root(), defined_root(&leaves));
        prop_assert_eq!(tree.size(), count as u64);
    }

    #[test]
    fn a_leaf_proves_its_place_and_no_other(count in 1_usize..200, index in 0_usize..200) {
        let leaves = many(count);
        let index = index % count;
        let (size, at, root) = (count as u64, index as u64, root(&leaves));
        let path = inclusion(&leaves, index).unwrap();
        prop_assert!(verify_inclusion(leaves[index], at, size, &path, root));
        prop_assert!(!verify_inclusion(leaf_hash(b"other"), at, size, &path, root));
        prop_assert!(!verify_inclusion(leaves[index], at, size, &path, leaf_hash(b"other")));
        prop_assert!(!verify_inclusion(leaves[index], size, size, &path, root));
        if count > 1 {
            let other = (at + 1) % size;
            prop_assert!(!verify_inclusion(leaves[index], other, size, &path, root));
            prop_assert!(!verify_inclusion(leaves[index], at, size, &path[1..], root));
        }
    }

    #[test]
    fn a_tree_proves_what_it_extends(new in 1_usize..200, old in 0_usize..200, bent in 0_usize..9) {
        let leaves = many(new);
        let old = old % (new + 1);
        let path = consistency(&leaves, old).unwrap();
        let (was, is) = ((old as u64, root(&leaves[..old])), (new as u64, root(&leaves)));
        prop_assert!(verify_consistency(was, is, &path));
        prop_assert!(!verify_consistency(was, (is.0, leaf_hash(b"other")), &path) || old == 0);
        prop_assert!(!verify_consistency((was.0, leaf_hash(b"other")), is, &path));
        if old < new && old > 0 {
            prop_assert!(!verify_consistency(is, was, &path));
            let mut altered = path.clone();
            altered[bent % path.len()] = leaf_hash(b"other");
            prop_assert!(!verify_consistency(was, is, &altered));
        }
    }
}
