//! Segments: sealed days that the fold has put away.
//!
//! ```text
//! segment = "PLIMSEG2" · days · index (postcard) · index length u64 · CRC-32C of the index u32
//!           · "PLIMSEG2"
//! day     = a sealed day (postcard); the index says where, how long, and its CRC-32C
//! ```
//! A segment never changes, and is opened for as long as it is read. A day whose checksum does not
//! hold is not answered: whoever asked is told that these minutes cannot be read, and it is
//! counted.
//!
//! Invariant: nothing is deleted for being unreadable. What fails today, for want of descriptors
//! say, may be read tomorrow: the checkpoints go on naming it.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use plimsoll_domain::slo::minutes::{Archive, CellKey, SealedDay};
use plimsoll_domain::slo::tally::Fingerprint;
use plimsoll_domain::time::Day;
use serde::{Deserialize, Serialize};

use super::identity::create;

const MAGIC: &[u8; 8] = b"PLIMSEG2";
const TAIL: usize = 20;

/// Days held in memory, in two halves: what is asked for again moves to the younger one.
const CACHED_DAYS: usize = 16_384;

/// A segment as checkpoints name it: what it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SegmentName {
    pub(super) number: u64,
    length: u64,
    index_check: u32,
}

/// Where one day stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Entry {
    tally: Fingerprint,
    channel: Fingerprint,
    group: u32,
    day: i64,
    offset: u32,
    length: u32,
    check: u32,
    has_minutes: bool,
}

#[derive(Debug, Clone, Copy)]
struct Spot {
    segment: u64,
    offset: u32,
    length: u32,
    check: u32,
}

/// All segments of a data directory.
#[derive(Debug)]
pub(super) struct Segments {
    dir: PathBuf,
    known: BTreeMap<u64, Known>,
    /// Those that a checkpoint counts on and that could not be read at the start.
    lost: Vec<SegmentName>,
    spots: HashMap<(CellKey, Day), Spot>,
    next: u64,
    cache: Mutex<Cache>,
    unreadable: AtomicU64,
}

#[derive(Debug)]
struct Known {
    name: SegmentName,
    last_day: Day,
    has_minutes: bool,
}

#[derive(Debug, Default)]
struct Cache {
    young: HashMap<(CellKey, Day), Arc<SealedDay>>,
    old: HashMap<(CellKey, Day), Arc<SealedDay>>,
}

impl Segments {
    /// No segments yet; numbers go on behind those that lie in the directory.
    pub(super) fn new(dir: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        let next = numbers(dir)?.into_iter().max().map_or(0, |number| number + 1);
        Ok(Self {
            dir: dir.to_owned(),
            known: BTreeMap::new(),
            lost: Vec::new(),
            spots: HashMap::new(),
            next,
            cache: Mutex::default(),
            unreadable: AtomicU64::new(0),
        })
    }

    /// Reads what is in the segments that a checkpoint counts on; says what is wrong with those it
    /// cannot read, the days of which are missing until another start can.
    pub(super) fn load(&mut self, names: &[SegmentName]) -> Vec<String> {
        let mut faults = Vec::new();
        for name in names {
            if let Err(reason) = self.load_one(*name) {
                self.lost.push(*name);
                faults.push(format!("{}: {reason}", path_of(&self.dir, name.number).display()));
            }
        }
        faults
    }

    fn load_one(&mut self, name: SegmentName) -> Result<(), String> {
        let path = path_of(&self.dir, name.number);
        let file = File::open(path).map_err(|error| error.to_string())?;
        let length = file.metadata().map_err(|error| error.to_string())?.len();
        if length != name.length {
            return Err(format!("it has {length} bytes and should have {}", name.length));
        }
        let entries = read_index(&file, name)?;
        self.add(name, &entries);
        Ok(())
    }

    fn add(&mut self, name: SegmentName, entries: &[Entry]) {
        for entry in entries {
            let spot = Spot {
                segment: name.number,
                offset: entry.offset,
                length: entry.length,
                check: entry.check,
            };
            self.spots.insert(entry.key(), spot);
        }
        let last_day = Day(entries.iter().map(|entry| entry.day).max().unwrap_or(i64::MIN));
        let has_minutes = entries.iter().any(|entry| entry.has_minutes);
        self.known.insert(name.number, Known { name, last_day, has_minutes });
    }

    /// Writes days into a new segment, durable when it returns.
    pub(super) fn write(&mut self, days: &[(CellKey, Day, SealedDay)]) -> io::Result<()> {
        let mut bytes = MAGIC.to_vec();
        let mut entries = Vec::with_capacity(days.len());
        for (cell, day, sealed) in days {
            let start = bytes.len();
            bytes = postcard::to_extend(sealed, bytes).map_err(io::Error::other)?;
            entries.push(Entry {
                tally: cell.tally,
                channel: cell.channel,
                group: cell.group,
                day: day.0,
                offset: u32::try_from(start).map_err(io::Error::other)?,
                length: u32::try_from(bytes.len() - start).map_err(io::Error::other)?,
                check: crc32c::crc32c(&bytes[start..]),
                has_minutes: sealed.has_minutes(),
            });
        }
        let index = postcard::to_stdvec(&entries).map_err(io::Error::other)?;
        let index_check = crc32c::crc32c(&index);
        bytes.extend(&index);
        bytes.extend((index.len() as u64).to_le_bytes());
        bytes.extend(index_check.to_le_bytes());
        bytes.extend(MAGIC);
        let name = SegmentName { number: self.next, length: bytes.len() as u64, index_check };
        let path = path_of(&self.dir, name.number);
        create(&path, &bytes)?;
        self.next += 1;
        self.add(name, &entries);
        Ok(())
    }

    /// The names of all segments in use.
    pub(super) fn names(&self) -> Vec<SegmentName> {
        self.known.values().map(|known| known.name).chain(self.lost.iter().copied()).collect()
    }

    /// Keeps of the segments before `minutes_from` their hours alone, and nothing of those before
    /// `hours_from`. What it replaces stays on disk until no checkpoint names it; one of which a
    /// day cannot be read stays as it is.
    pub(super) fn retain(&mut self, minutes_from: Day, hours_from: Day) -> io::Result<()> {
        let old = |known: &&Known| known.last_day < minutes_from && known.has_minutes;
        let demoted: Vec<u64> =
            self.known.values().filter(old).map(|known| known.name.number).collect();
        for number in demoted {
            let Some(days) = self.hours_of(number) else { continue };
            self.write(&days)?;
            self.known.remove(&number);
        }
        let gone = |known: &&Known| known.last_day < hours_from;
        let gone: Vec<u64> =
            self.known.values().filter(gone).map(|known| known.name.number).collect();
        for number in gone {
            self.known.remove(&number);
            self.spots.retain(|_, spot| spot.segment != number);
        }
        *self.cache.lock().expect("no holder of the cache panics") = Cache::default();
        Ok(())
    }

    /// The days of a segment without their minutes, if each of them can be read.
    fn hours_of(&self, number: u64) -> Option<Vec<(CellKey, Day, SealedDay)>> {
        let keys = self.spots.iter().filter(|(_, spot)| spot.segment == number);
        let mut keys: Vec<(CellKey, Day)> = keys.map(|(key, _)| *key).collect();
        keys.sort_unstable();
        let hours = |(cell, day)| Some((cell, day, self.read(cell, day)?.hours_only()));
        keys.into_iter().map(hours).collect()
    }

    /// Deletes the files that none of these names.
    pub(super) fn prune(&self, named: &[SegmentName]) -> io::Result<()> {
        let used = |number: &u64| named.iter().any(|name| name.number == *number);
        for number in numbers(&self.dir)?.iter().filter(|number| !used(number)) {
            std::fs::remove_file(path_of(&self.dir, *number))?;
        }
        Ok(())
    }

    /// Questions that met a day that cannot be read.
    pub(super) fn unreadable(&self) -> u64 {
        self.unreadable.load(Ordering::Relaxed)
    }

    /// Reads every day there is; says how many, or which of them does not read.
    pub(super) fn read_all(&self) -> Result<u64, (CellKey, Day)> {
        for (cell, day) in self.spots.keys() {
            self.read(*cell, *day).ok_or((*cell, *day))?;
        }
        Ok(self.spots.len() as u64)
    }

    fn read(&self, cell: CellKey, day: Day) -> Option<SealedDay> {
        let spot = self.spots.get(&(cell, day))?;
        let mut bytes = vec![0; spot.length as usize];
        let file = File::open(path_of(&self.dir, spot.segment)).ok()?;
        file.read_exact_at(&mut bytes, u64::from(spot.offset)).ok()?;
        if crc32c::crc32c(&bytes) != spot.check {
            return None;
        }
        postcard::from_bytes(&bytes).ok()
    }
}

impl Archive for Segments {
    fn day(&self, cell: CellKey, day: Day) -> Option<Arc<SealedDay>> {
        let key = (cell, day);
        let mut cache = self.cache.lock().expect("no holder of the cache panics");
        if let Some(known) = cache.get(key) {
            return Some(known);
        }
        match self.read(cell, day) {
            Some(sealed) => Some(cache.put(key, Arc::new(sealed))),
            None => {
                if self.unreadable.fetch_add(1, Ordering::Relaxed) == 0 {
                    tracing::error!(?cell, ?day, "a sealed day cannot be read");
                }
                None
            }
        }
    }
}

impl Cache {
    fn get(&mut self, key: (CellKey, Day)) -> Option<Arc<SealedDay>> {
        if let Some(young) = self.young.get(&key) {
            return Some(young.clone());
        }
        let again = self.old.remove(&key)?;
        Some(self.put(key, again))
    }

    fn put(&mut self, key: (CellKey, Day), day: Arc<SealedDay>) -> Arc<SealedDay> {
        if self.young.len() >= CACHED_DAYS / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, day.clone());
        day
    }
}

impl Entry {
    fn key(&self) -> (CellKey, Day) {
        let cell = CellKey { tally: self.tally, channel: self.channel, group: self.group };
        (cell, Day(self.day))
    }
}

fn read_index(file: &File, name: SegmentName) -> Result<Vec<Entry>, String> {
    let tail_at = name.length.checked_sub(TAIL as u64).ok_or("it is cut short")?;
    let mut tail = [0; TAIL];
    file.read_exact_at(&mut tail, tail_at).map_err(|error| error.to_string())?;
    let length = u64::from_le_bytes(std::array::from_fn(|i| tail[i]));
    let check = u32::from_le_bytes(std::array::from_fn(|i| tail[8 + i]));
    let index_at = tail_at.checked_sub(length).ok_or("its index does not fit")?;
    if tail[12..] != MAGIC[..] || check != name.index_check {
        return Err("its end does not check".to_owned());
    }
    let mut index = vec![0; usize::try_from(length).map_err(|_| "its index does not fit")?];
    file.read_exact_at(&mut index, index_at).map_err(|error| error.to_string())?;
    if crc32c::crc32c(&index) != check {
        return Err("its index does not check".to_owned());
    }
    postcard::from_bytes(&index).map_err(|error| format!("its index does not read: {error}"))
}

/// The file of a number.
pub(super) fn path_of(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:010}.segment"))
}

fn numbers(dir: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let name = entry?.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(".segment"));
        numbers.extend(stem.and_then(|stem| stem.parse::<u64>().ok()));
    }
    Ok(numbers)
}
