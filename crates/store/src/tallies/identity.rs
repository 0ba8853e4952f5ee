//! Who a series is: keyed 128-bit hashes of its labels, and of those that name who exposes it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use plimsoll_domain::slo::fold::{InstanceHash, SeriesHash};
use plimsoll_domain::slo::selector::Labels;
use plimsoll_domain::telemetry::{Batch, Series};
use siphasher::sip128::SipHasher24;

use super::{OpenError, codec};

const KEY_BYTES: usize = 16;

/// Which labels name a replica and its cluster (Prometheus pairs that scrape the same targets).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replicas {
    /// Labels that tell one replica from another; they are no part of a series' identity.
    pub replica_labels: Vec<String>,
    /// The label that tells clusters apart.
    pub cluster_label: String,
}

impl Default for Replicas {
    fn default() -> Self {
        Self {
            replica_labels: vec!["__replica__".to_owned(), "prometheus_replica".to_owned()],
            cluster_label: "cluster".to_owned(),
        }
    }
}

/// What makes identities: cheap to clone, and the same on every thread.
#[derive(Debug, Clone)]
pub struct Identity(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    key: [u8; KEY_BYTES],
    replicas: Replicas,
}

/// A batch whose series have been told apart.
#[derive(Debug)]
pub struct Prepared {
    pub(super) batch: Batch,
    pub(super) hashes: Vec<SeriesHash>,
    /// Whether any of them has a replica label.
    pub(super) names_replicas: bool,
}

impl Identity {
    /// Reads the key of this data directory, or makes it of `fresh`.
    pub(super) fn open(
        path: &Path,
        fresh: [u8; KEY_BYTES],
        replicas: Replicas,
    ) -> Result<Self, OpenError> {
        let in_file = |source| OpenError::Io { path: path.display().to_string(), source };
        match std::fs::read(path) {
            Ok(bytes) => Self::of_file(&bytes, replicas).ok_or_else(|| OpenError::Damaged {
                file: path.display().to_string(),
                offset: 0,
                reason: "the key does not check".to_owned(),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let check = crc32c::crc32c(&fresh).to_le_bytes();
                create(path, &[&fresh[..], &check].concat()).map_err(in_file)?;
                Ok(Self::new(fresh, replicas))
            }
            Err(error) => Err(in_file(error)),
        }
    }

    /// That of a key file, if its checksum holds: with another key every series would be a
    /// stranger.
    pub(super) fn of_file(bytes: &[u8], replicas: Replicas) -> Option<Self> {
        let (key, check) = bytes.split_first_chunk::<KEY_BYTES>()?;
        let holds = check == crc32c::crc32c(key).to_le_bytes();
        holds.then(|| Self::new(*key, replicas))
    }

    pub(super) fn new(key: [u8; KEY_BYTES], replicas: Replicas) -> Self {
        Self(Arc::new(Inner { key, replicas }))
    }

    /// Tells the series of a batch apart.
    pub fn prepare(&self, batch: Batch) -> Prepared {
        let (mut text, mut names_replicas) = (Vec::new(), false);
        let mut hash = |series| self.series(series, &mut text, &mut names_replicas);
        let hashes = batch.series().map(&mut hash).collect();
        Prepared { batch, hashes, names_replicas }
    }

    fn series(
        &self,
        series: Series<'_>,
        text: &mut Vec<u8>,
        names_replicas: &mut bool,
    ) -> SeriesHash {
        let replicas = &self.0.replicas.replica_labels;
        let pairs = series.labels().filter(|(name, _)| {
            let is_replica = replicas.iter().any(|replica| replica.as_bytes() == *name);
            *names_replicas |= is_replica;
            !is_replica
        });
        SeriesHash(self.hash(pairs.flat_map(|(name, value)| [name, value]), text))
    }

    /// The series of these labels, among which no replica label is: the same that
    /// [`Self::prepare`] told apart by what came with it.
    pub(super) fn of(&self, labels: &Labels) -> SeriesHash {
        let parts = labels.pairs().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
        SeriesHash(self.hash(parts, &mut Vec::new()))
    }

    /// Whether a label tells replicas apart.
    pub(super) fn is_replica(&self, name: &str) -> bool {
        self.0.replicas.replica_labels.iter().any(|label| label == name)
    }

    /// The cluster and the replica that a series comes from, if it says so.
    pub(super) fn replica<'a>(&self, series: Series<'a>) -> Option<(&'a [u8], &'a [u8])> {
        let mut labels = self.0.replicas.replica_labels.iter();
        let replica = labels.find_map(|label| series.label(label))?;
        Some((series.label(&self.0.replicas.cluster_label).unwrap_or_default(), replica))
    }

    /// Who exposes a series: its `job` and `instance`, or its sender when it has neither.
    pub(super) fn instance(&self, series: Series<'_>, sender: &str) -> InstanceHash {
        let (job, instance) = (series.label("job"), series.label("instance"));
        InstanceHash(match (job, instance) {
            (None, None) => self.hash([b"sender", sender.as_bytes()].into_iter(), &mut Vec::new()),
            _ => {
                let (job, instance) = (job.unwrap_or_default(), instance.unwrap_or_default());
                self.hash([b"target", job, instance].into_iter(), &mut Vec::new())
            }
        })
    }

    /// The hash of each part's length (a varint) and bytes. They are gathered in `text` first: many
    /// short pieces take twice as long to hash as one long one.
    fn hash<'a>(&self, parts: impl Iterator<Item = &'a [u8]>, text: &mut Vec<u8>) -> u128 {
        text.clear();
        for part in parts {
            codec::put_varint(text, part.len() as u64);
            text.extend_from_slice(part);
        }
        SipHasher24::new_with_key(&self.0.key).hash(text).as_u128()
    }
}

/// Writes a small file so that it is there whole or not at all, readable by us only.
pub(super) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create_with(path, |file| file.write_all(bytes))
}

/// The same with a file that is written piece by piece; returns what its writer returned.
pub(super) fn create_with<T>(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<T>,
) -> io::Result<T> {
    let partial = path.with_extension("partial");
    // What cannot be opened stops it here, and not once the file has its name.
    let directory = File::open(path.parent().unwrap_or(Path::new(".")))?;
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
    let written = write(&mut file).inspect_err(|_| {
        // It holds room that may be what is wanting; the error says more than another could.
        let _ = std::fs::remove_file(&partial);
    })?;
    file.sync_all().map_err(super::log::SyncFailed::wrap)?;
    std::fs::rename(&partial, path)?;
    directory.sync_all().map_err(super::log::SyncFailed::wrap)?;
    Ok(written)
}
