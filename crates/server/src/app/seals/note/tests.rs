use plimsoll_domain::id::Id;
use plimsoll_store::SealedHead;

use super::*;
use crate::app::seals::wire;

/// The example of signed notes' reference implementation.
const EXAMPLE_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const EXAMPLE_TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                            then you don't know what your problem is.\n";
const EXAMPLE_SIGNATURE: &str = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgK\
                                 vqfqdngotpRZb6KE6RyyBwJnAM=";

fn signer(byte: u8) -> Signer {
    Signer(Ed25519KeyPair::from_seed_unchecked(&[byte; 32]).unwrap())
}

fn sealed() -> SealedHead {
    let head = Head {
        scope: Id::from_uuid(uuid::Uuid::from_u128(7)),
        size: 12,
        root: Hash([3; 32]),
        sealed_at: "2026-11-20T06:00:00.000001Z".parse().unwrap(),
    };
    SealedHead { number: 1, signature: signer(1).sign(&head), head }
}

#[test]
fn a_head_is_a_signed_checkpoint() {
    let wire = wire(&sealed());
    let lines: Vec<&str> = wire.note.lines().collect();
    assert_eq!(
        lines[..5],
        [
            "plimsoll/org_00000000000000000000000000000007",
            "12",
            "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=",
            "sealed_at 2026-11-20T06:00:00.000001Z",
            "",
        ]
    );
    assert!(lines[5].starts_with("— plimsoll/org_00000000000000000000000000000007 "));
    assert!(wire.note.ends_with('\n'));
    let id = wire.key.split('+').nth(1).unwrap();
    let signature = STANDARD.decode(lines[5].rsplit_once(' ').unwrap().1).unwrap();
    assert_eq!(signature.len(), 68);
    assert_eq!(format!("{:08x}", u32::from_be_bytes(signature[..4].try_into().unwrap())), id);
}

#[test]
fn keys_and_signatures_are_those_of_the_reference() {
    let (name, encoded) = ("PeterNeumann", EXAMPLE_KEY.rsplit_once('+').unwrap().1);
    let key = STANDARD.decode(encoded).unwrap();
    assert_eq!(verifier_key(name, &key[1..]), EXAMPLE_KEY);
    let signature = STANDARD.decode(EXAMPLE_SIGNATURE).unwrap();
    assert_eq!(signature[..4], key_id(name, &key[1..]));
    assert!(verifies(&key[1..], EXAMPLE_TEXT, &signature[4..]));
    assert!(!verifies(&key[1..], &EXAMPLE_TEXT.replace("think", "say"), &signature[4..]));
}

#[test]
fn what_was_changed_in_a_kept_head_shows() {
    for byte in 0..=255 {
        // Whatever characters the key has.
        let SealedHead { number, head, .. } = sealed();
        let signer = signer(byte);
        let head = wire(&SealedHead { number, signature: signer.sign(&head), head });
        assert_eq!(read(&head), Some((Hash([3; 32]), signer.public_key())), "{}", head.key);
    }
    let head = wire(&sealed());
    assert_eq!(read(&head), Some((Hash([3; 32]), signer(1).public_key())));
    let changed = [
        v1::seal::Head { size: 13, ..head.clone() },
        v1::seal::Head { root: Hash([4; 32]).to_string(), ..head.clone() },
        v1::seal::Head { origin: "plimsoll/org_8".to_owned(), ..head.clone() },
        v1::seal::Head { sealed_at: "2026-11-21T06:00:00Z".parse().unwrap(), ..head.clone() },
        v1::seal::Head { key: verifier_key(&head.origin, &[5; 32]), ..head.clone() },
        v1::seal::Head { note: head.note.replace("\n12\n", "\n13\n"), ..head.clone() },
        v1::seal::Head { note: String::new(), ..head },
    ];
    for head in changed {
        assert_eq!(read(&head), None, "{head:?}");
    }
}

#[test]
fn a_signature_is_of_one_head_and_one_key() {
    let SealedHead { head, signature, .. } = sealed();
    assert!(is_signed(&head, &signature));
    assert!(!is_signed(&Head { size: 13, ..head }, &signature));
    let other = Signature { public_key: signer(2).public_key(), ..signature };
    assert!(!is_signed(&head, &other));
}
