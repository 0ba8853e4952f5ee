//! The audit: walks all of history beside its seals, offline, and says for every row what was done
//! to it.
//!
//! Invariant: it reads one instant and writes nothing. It trusts the heads it is given and the rows
//! of nobody: leaves are made again from the rows, roots again from the leaves.

use std::collections::{HashMap, HashSet};

use plimsoll_domain::id::OrgId;
use plimsoll_domain::seal::{Hash, Kind, Leaf, Tree};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::rows::{self, Row};
use super::schema::{head, seal, unsealed};
use super::{SealedHead, digest, parse_kind, read_head};
use crate::records::schema::organisation;
use crate::records::{Error, Location, Scope, micros, open};

/// A head that was kept elsewhere, and must be what history begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Where it was kept, for messages.
    pub place: String,
    /// How many leaves it holds.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// What was done to history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// A row is not what was sealed.
    Edited,
    /// A sealed row is gone, or its seal is.
    Deleted,
    /// A row has no seal and does not wait for one.
    Inserted,
    /// Two rows have changed places.
    Reordered,
    /// The end is missing: a head holds more than there is.
    Truncated,
    /// Seals are not what a head was made of: they were changed with their rows, or in their order.
    Rewritten,
}

impl Fault {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Deleted => "deleted",
            Self::Inserted => "inserted",
            Self::Reordered => "reordered",
            Self::Truncated => "truncated",
            Self::Rewritten => "rewritten",
        }
    }
}

/// Something that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What was done.
    pub fault: Fault,
    /// To which row, by kind and key; none when it is about many.
    pub row: Option<(Kind, String)>,
    /// Which seal, from 0.
    pub number: Option<u64>,
    /// In words.
    pub detail: String,
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Whose history; none when there is none yet.
    pub scope: Option<Scope>,
    /// How many rows are sealed.
    pub sealed: u64,
    /// How many wait to be sealed.
    pub waiting: u64,
    /// How many stand for personal data that was erased.
    pub erased: u64,
    /// The last head.
    pub head: Option<SealedHead>,
    /// The first violations found, at most a thousand.
    pub violations: Vec<Violation>,
    /// How many more there are.
    pub more: u64,
}

const VIOLATIONS_MAX: usize = 1_000;

/// Audits the records there, which may be in use, against themselves and `known` heads.
pub async fn audit(location: &Location, known: &[Known]) -> Result<Audit, Error> {
    let reads = open::read_only(location).await?;
    let tx = open::begin_snapshot(&reads).await?;
    let found = audit_in(&tx, known).await;
    tx.commit().await?;
    reads.close().await?;
    match found {
        // What this program never writes was written by someone else.
        Err(Error::Corrupt { what, why }) => Ok(unreadable(what, &why)),
        found => found,
    }
}

fn unreadable(what: &str, why: &str) -> Audit {
    let mut auditor = Auditor::default();
    let detail = format!("a stored {what} cannot be read: {why}");
    auditor.note(Fault::Rewritten, None, None, detail);
    let violations = auditor.violations;
    Audit { scope: None, sealed: 0, waiting: 0, erased: 0, head: None, violations, more: 0 }
}

async fn audit_in(tx: &DatabaseTransaction, known: &[Known]) -> Result<Audit, Error> {
    let organisation = organisation::Entity::find().one(tx).await?;
    let scope = organisation.map(|row| Scope(OrgId::from_uuid(row.id)));
    let mut auditor = Auditor::default();
    let mut head = None;
    if let Some(scope) = scope {
        let mut checks = auditor.heads(tx, scope, &mut head).await?;
        checks.extend(known.iter().map(|known| (known.size, known.root, known.place.clone())));
        auditor.seals(tx, scope, checks).await?;
        auditor.queue(tx, scope).await?;
        for kind in Kind::ALL {
            rows::walk(tx, scope, kind, |row| auditor.row(scope, row)).await?;
        }
        auditor.pair_moved(scope);
        auditor.unseen(tx, scope).await?;
        auditor.lost(tx, scope).await?;
    } else {
        for known in known.iter().filter(|known| known.size > 0) {
            auditor.truncated(&known.place, known.size, 0);
        }
    }
    let Auditor { leaves, waiting, erased, violations, more, .. } = auditor;
    let sealed = leaves.len() as u64;
    Ok(Audit { scope, sealed, waiting, erased, head, violations, more })
}

/// A leaf, and whether its row has been met.
#[derive(Clone, Copy)]
struct Sealed {
    leaf: Hash,
    met: bool,
}

#[derive(Default)]
struct Auditor {
    leaves: Vec<Sealed>,
    /// From the digest of kind and key to the place in `leaves`.
    places: HashMap<Hash, usize>,
    /// What waits to be sealed and has not been met.
    queued: HashSet<Hash>,
    edited: Vec<(usize, Row)>,
    waiting: u64,
    erased: u64,
    violations: Vec<Violation>,
    more: u64,
}

impl Auditor {
    /// Reads all heads: what they claim is to be checked; the last is handed out.
    async fn heads(
        &mut self,
        tx: &DatabaseTransaction,
        scope: Scope,
        last: &mut Option<SealedHead>,
    ) -> Result<Vec<(u64, Hash, String)>, Error> {
        let mut checks = Vec::new();
        let mut next = 0;
        loop {
            let page = head::Entity::find()
                .filter(head::Column::Scope.eq(scope.key()))
                .filter(head::Column::Number.gt(next))
                .order_by_asc(head::Column::Number)
                .limit(PAGE)
                .all(tx)
                .await?;
            for row in &page {
                if row.number != next + 1 {
                    let detail = format!("head {} comes after head {next}", row.number);
                    self.note(Fault::Deleted, None, None, detail);
                }
                next = row.number;
                let sealed = read_head(row)?;
                let place = format!("head {}", sealed.number);
                checks.push((sealed.head.size, sealed.head.root, place));
                *last = Some(sealed);
            }
            if page.is_empty() {
                return Ok(checks);
            }
        }
    }

    /// Builds the tree again from the seals, and compares it with every head on the way.
    async fn seals(
        &mut self,
        tx: &DatabaseTransaction,
        scope: Scope,
        mut checks: Vec<(u64, Hash, String)>,
    ) -> Result<(), Error> {
        checks.sort_by_key(|(size, ..)| *size);
        let mut checks = checks.into_iter().peekable();
        let mut tree = Tree::default();
        let (mut broken, mut sound_to) = (false, 0);
        let mut check = |auditor: &mut Self, tree: &Tree, broken: bool| {
            while let Some((size, root, place)) = checks.next_if(|(size, ..)| *size == tree.size())
            {
                if root == tree.root() {
                    sound_to = size;
                } else if !broken {
                    auditor.rewritten(sound_to, size, &place);
                }
            }
        };
        check(self, &tree, broken);
        each_seal(tx, scope, |row| {
            let number = micros::count(row.number);
            if number != tree.size() && !broken {
                let detail = format!("seals {} to {} are gone", tree.size(), number - 1);
                self.note(Fault::Deleted, None, Some(tree.size()), detail);
                broken = true;
            }
            let leaf = digest("seal", &row.leaf)?;
            let place = place(parse_kind(&row.kind)?, &row.key);
            self.places.insert(place, self.leaves.len());
            self.leaves.push(Sealed { leaf, met: false });
            tree.append(leaf);
            check(self, &tree, broken);
            Ok(())
        })
        .await?;
        for (size, _, place) in checks.filter(|_| !broken) {
            self.truncated(&place, size, tree.size());
        }
        Ok(())
    }

    async fn queue(&mut self, tx: &DatabaseTransaction, scope: Scope) -> Result<(), Error> {
        let queue = unsealed::Entity::find().filter(unsealed::Column::Scope.eq(scope.key()));
        for row in queue.all(tx).await? {
            let kind = parse_kind(&row.kind)?;
            if self.places.contains_key(&place(kind, &row.key)) {
                let detail = "it is sealed and waits to be sealed again".to_owned();
                self.note(Fault::Inserted, Some((kind, row.key)), None, detail);
            } else {
                self.queued.insert(place(kind, &row.key));
            }
        }
        Ok(())
    }

    /// Compares a row with its seal.
    fn row(&mut self, scope: Scope, row: Row) {
        self.erased += u64::from(row.erased);
        let place = place(row.kind, &row.key);
        let Some(&index) = self.places.get(&place) else {
            if self.queued.remove(&place) {
                self.waiting += 1;
            } else {
                let detail = "it has no seal and does not wait for one".to_owned();
                self.note(Fault::Inserted, Some((row.kind, row.key)), None, detail);
            }
            return;
        };
        let sealed = &mut self.leaves[index];
        sealed.met = true;
        if sealed.leaf != row.leaf(scope) {
            self.edited.push((index, row));
        }
    }

    /// Tells rows that have changed places from those that were edited.
    fn pair_moved(&mut self, scope: Scope) {
        const PAIRED_MAX: usize = 300;
        let edited = std::mem::take(&mut self.edited);
        for (index, row) in &edited {
            let holds = |other: &Row| {
                let moved = Row { key: row.key.clone(), ..other.clone() };
                other.kind == row.kind && moved.leaf(scope) == self.leaves[*index].leaf
            };
            let others = edited.iter().take(PAIRED_MAX).map(|(_, other)| other);
            let found = others.into_iter().find(|other| holds(other));
            let (fault, detail) = match found {
                Some(other) => {
                    (Fault::Reordered, format!("what was sealed of it is now in {}", other.key))
                }
                None => (Fault::Edited, "it is not what was sealed".to_owned()),
            };
            let number = Some(*index as u64);
            self.note(fault, Some((row.kind, row.key.clone())), number, detail);
        }
    }

    /// Reports what is queued and was not met.
    async fn lost(&mut self, tx: &DatabaseTransaction, scope: Scope) -> Result<(), Error> {
        if self.queued.is_empty() {
            return Ok(());
        }
        let queue = unsealed::Entity::find().filter(unsealed::Column::Scope.eq(scope.key()));
        for row in queue.all(tx).await? {
            let kind = parse_kind(&row.kind)?;
            if self.queued.contains(&place(kind, &row.key)) {
                let detail = "it was deleted before it was sealed".to_owned();
                self.note(Fault::Deleted, Some((kind, row.key)), None, detail);
            }
        }
        Ok(())
    }

    /// Reports the seals whose rows were not met.
    async fn unseen(&mut self, tx: &DatabaseTransaction, scope: Scope) -> Result<(), Error> {
        if self.leaves.iter().all(|sealed| sealed.met) {
            return Ok(());
        }
        let mut index = 0;
        each_seal(tx, scope, |row| {
            let Sealed { leaf, met } = self.leaves[index];
            if !met {
                let kind = parse_kind(&row.kind)?;
                let (key, at_us) = (&*row.key, row.at);
                let gone = Leaf { scope: scope.0, kind, key, at_us, content: None };
                let detail = if gone.hash() == leaf {
                    "it was deleted before it was sealed"
                } else {
                    "it was sealed and is not there"
                };
                let number = Some(micros::count(row.number));
                self.note(Fault::Deleted, Some((kind, row.key)), number, detail.to_owned());
            }
            index += 1;
            Ok(())
        })
        .await
    }

    fn rewritten(&mut self, sound_to: u64, size: u64, place: &str) {
        let detail = match size.checked_sub(1) {
            Some(last) => format!(
                "seals {sound_to} to {last} are not what {place} was made of: they were changed \
                 with their rows, or in their order"
            ),
            None => format!("{place} holds no seals, and its root is that of some"),
        };
        self.note(Fault::Rewritten, None, Some(sound_to), detail);
    }

    fn truncated(&mut self, place: &str, size: u64, found: u64) {
        let detail = format!("{place} holds {size} seals, and {found} are there");
        self.note(Fault::Truncated, None, Some(found), detail);
    }

    fn note(
        &mut self,
        fault: Fault,
        row: Option<(Kind, String)>,
        number: Option<u64>,
        detail: String,
    ) {
        if self.violations.len() < VIOLATIONS_MAX {
            self.violations.push(Violation { fault, row, number, detail });
        } else {
            self.more += 1;
        }
    }
}

const PAGE: u64 = 5_000;

/// Hands every seal to `visit`, in order, a page at a time.
pub(super) async fn each_seal(
    db: &impl ConnectionTrait,
    scope: Scope,
    mut visit: impl FnMut(seal::Model) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut next = -1;
    loop {
        let page = seal::Entity::find()
            .filter(seal::Column::Scope.eq(scope.key()))
            .filter(seal::Column::Number.gt(next))
            .order_by_asc(seal::Column::Number)
            .limit(PAGE)
            .all(db)
            .await?;
        let Some(last) = page.last() else { return Ok(()) };
        next = last.number;
        page.into_iter().try_for_each(&mut visit)?;
    }
}

/// A row's kind and key, in a fixed number of bytes.
fn place(kind: Kind, key: &str) -> Hash {
    let mut bytes = kind.as_str().as_bytes().to_vec();
    bytes.push(b'/');
    bytes.extend_from_slice(key.as_bytes());
    Hash::of(&bytes)
}
