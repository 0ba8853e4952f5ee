//! Proving history offline, for `plimsoll verify`: an audit of the records, the signature of their
//! head, and heads that were kept elsewhere.

use std::path::{Path, PathBuf};

use plimsoll_api::v1::seal::{Consistency, Head, Kept, Verification, Violation};
use plimsoll_domain::seal::{Hash, verify_consistency};
use plimsoll_store::{Audit, Fault, Known, Location, SealedHead, audit};

use super::{kept, note, wire};
use crate::app::access::Key;
use crate::config::Config;

/// Why history was not verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is no database.
    #[error("there is no database at {}", .0.display())]
    Missing(PathBuf),
    /// The database cannot be read.
    #[error("the database cannot be read")]
    Records(#[from] plimsoll_store::Error),
    /// A file of the data directory cannot be read.
    #[error("{} cannot be read", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// What is to be compared with is no head, or was changed.
    #[error("{0} is not a head: its note does not say the same, or its signature does not verify")]
    NoHead(String),
    /// A head of other records.
    #[error("{place} is a head of {theirs}, and these records are of {ours}")]
    OtherOrigin {
        /// Where it was kept.
        place: String,
        /// Whose it is.
        theirs: String,
        /// Whose these are.
        ours: String,
    },
}

/// A head with the place it was kept at.
struct Witness {
    known: Known,
    origin: String,
    public_key: Vec<u8>,
}

impl Witness {
    fn read(place: &str, head: &Head) -> Result<Self, VerifyError> {
        let sound = note::read(head).ok_or_else(|| VerifyError::NoHead(place.to_owned()))?;
        let (root, public_key) = sound;
        let known = Known { place: place.to_owned(), size: head.size, root };
        Ok(Self { known, origin: head.origin.clone(), public_key })
    }
}

/// Verifies the records that the configuration names, or those of `store`, beside which no data
/// directory is looked for. `against` is a head that was kept elsewhere, with its place.
///
/// # Errors
/// When nothing can be said, as opposed to history that was changed.
pub async fn verify(
    config: &Config,
    store: Option<Location>,
    against: Option<(&str, &Head)>,
) -> Result<Verification, VerifyError> {
    let (location, data) = match store {
        Some(location) => (location, None),
        None => (config.location(), Some(config.data.as_path())),
    };
    if let Location::Sqlite(path) = &location
        && !path.exists()
    {
        return Err(VerifyError::Missing(path.clone()));
    }
    let own_key = data.map(own_key).transpose()?.flatten();
    let mut witnesses = Vec::new();
    if let Some(data) = data {
        let path = kept::path(data);
        let failed = |source| VerifyError::File { path: path.clone(), source };
        if let Some(head) = kept::load(data).map_err(failed)? {
            witnesses.push(Witness::read(&path.display().to_string(), &head)?);
        }
    }
    if let Some((place, head)) = against {
        witnesses.push(Witness::read(place, head)?);
    }
    let known: Vec<Known> = witnesses.iter().map(|witness| witness.known.clone()).collect();
    let mut found = audit(&location, &known).await?;
    same_origin(&found, &witnesses)?;
    let theirs = against.and_then(|_| witnesses.last()).map(|witness| &witness.public_key);
    let signer = signer(&mut found, own_key.as_ref(), theirs);
    Ok(report(found, signer, known))
}

/// Whether a server has proved that its head extends one that was kept.
///
/// # Errors
/// Why not, in words.
pub fn extends(kept: &Head, proof: &Consistency) -> Result<(), String> {
    let sound = |head: &Head, which: &str| {
        let unsound = || format!("{which} does not carry its own signature");
        note::read(head).map(|(root, _)| root).ok_or_else(unsound)
    };
    let old = (kept.size, sound(kept, "the head kept")?);
    let new = (proof.head.size, sound(&proof.head, "the server's head")?);
    if kept.origin != proof.head.origin || kept.key != proof.head.key {
        return Err("the server's head is of another installation or key".to_owned());
    }
    let path: Option<Vec<Hash>> = proof.path.iter().map(|hash| hash.parse().ok()).collect();
    if path.is_some_and(|path| verify_consistency(old, new, &path)) {
        Ok(())
    } else {
        Err("the server's proof does not hold".to_owned())
    }
}

/// The public key that this installation signs with, if the data directory has its key.
fn own_key(data: &Path) -> Result<Option<Vec<u8>>, VerifyError> {
    let failed = |source| VerifyError::File { path: data.join("key"), source };
    let key = Key::read(data).map_err(failed)?;
    Ok(key.map(|key| note::Signer::new(&key).public_key()))
}

fn same_origin(found: &Audit, witnesses: &[Witness]) -> Result<(), VerifyError> {
    let Some(scope) = found.scope else { return Ok(()) };
    let ours = format!("plimsoll/{}", scope.0);
    match witnesses.iter().find(|witness| witness.origin != ours) {
        None => Ok(()),
        Some(Witness { known, origin, .. }) => Err(VerifyError::OtherOrigin {
            place: known.place.clone(),
            theirs: origin.clone(),
            ours,
        }),
    }
}

/// Checks the signature of the last head; says whose it is.
fn signer(found: &mut Audit, ours: Option<&Vec<u8>>, theirs: Option<&Vec<u8>>) -> &'static str {
    let Some(SealedHead { number, head, signature }) = &found.head else { return "unchecked" };
    let (trusted, signer) = match (ours, theirs) {
        (Some(ours), _) => (Some(ours), "installation"),
        (None, Some(theirs)) => (Some(theirs), "witness"),
        (None, None) => (None, "unchecked"),
    };
    let known = trusted.is_none_or(|trusted| *trusted == signature.public_key);
    if !known || !note::is_signed(head, signature) {
        let key = if known { "the key it names" } else { "the key of this installation" };
        let detail = format!("head {number} is not signed with {key}");
        let number = Some(head.size);
        let violation =
            plimsoll_store::Violation { fault: Fault::Rewritten, row: None, number, detail };
        found.violations.push(violation);
    }
    signer
}

fn report(found: Audit, signer: &str, known: Vec<Known>) -> Verification {
    let Audit { sealed, waiting, erased, head, violations, more, .. } = found;
    let violation = |violation: plimsoll_store::Violation| {
        let (kind, key) = violation.row.unzip();
        Violation {
            fault: violation.fault.as_str().to_owned(),
            kind: kind.map(|kind| kind.as_str().to_owned()),
            key,
            number: violation.number,
            detail: violation.detail,
        }
    };
    let place = |known: Known| Kept { place: known.place, size: known.size };
    Verification {
        intact: violations.is_empty(),
        sealed,
        waiting,
        erased,
        head: head.as_ref().map(wire),
        signer: signer.to_owned(),
        against: known.into_iter().map(place).collect(),
        violations: violations.into_iter().map(violation).collect(),
        more,
    }
}
