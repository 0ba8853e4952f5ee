//! Sealing: every row of history is queued to be sealed in the commit that writes it, and sealed
//! later, in batches, as a leaf of the tree of [`plimsoll_domain::seal`].
//!
//! Invariants: a row is in the queue or sealed, never both and never twice; leaving the queue,
//! becoming a leaf and the head that holds it are one commit, so that a crash loses and doubles
//! nothing. The queue is what was committed, so a row that commits late or with an early id is not
//! missed. Heads are numbered without gaps, and the number is what two sealers race for.
//!
//! A row that has been sealed is never written again, not even to say the same in another version
//! of its blob: seals are of the stored bytes.

mod audit;
mod identity;
mod rows;
mod schema;

use plimsoll_domain::id::OrgId;
use plimsoll_domain::seal::{Hash, Head, Kind, Leaf, Tree};
use plimsoll_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, Insert, IntoActiveModel, ModelTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::effects::CommitError;
use super::{Error, Records, Scope, micros, open, rows as checked};
use rows::Table;
use schema::{head, seal, unsealed};

pub use audit::{Audit, Fault, Known, Violation, audit};
pub(super) use identity::{erase, name};

/// How many leaves a batch has at most, which bounds for how long it holds the writer.
const BATCH_MAX: u64 = 256;

/// A head as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedHead {
    /// Its number, from 1.
    pub number: u64,
    /// The head.
    pub head: Head,
    /// Who signed it, and how.
    pub signature: Signature,
}

/// A signature of a head, made by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The public key that it verifies with.
    pub public_key: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// What waits to be sealed next, and what it comes after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    scope: Scope,
    /// The number of the head it comes after; 0 for the first.
    after: u64,
    tree: Tree,
    leaves: Vec<Waiting>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Waiting {
    kind: Kind,
    key: String,
    at_us: i64,
    leaf: Hash,
    gone: bool,
}

impl Batch {
    /// How many leaves are sealed before it.
    pub fn sealed(&self) -> u64 {
        self.tree.size()
    }

    /// How many leaves it adds.
    pub fn len(&self) -> usize {
        self.leaves.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// Whether more may wait than it holds.
    pub fn is_full(&self) -> bool {
        self.leaves.len() as u64 == BATCH_MAX
    }

    /// Rows that were gone before they could be sealed, which nothing here does.
    pub fn gone(&self) -> impl Iterator<Item = (Kind, &str)> {
        let gone = self.leaves.iter().filter(|waiting| waiting.gone);
        gone.map(|waiting| (waiting.kind, waiting.key.as_str()))
    }

    /// The head that it makes.
    pub fn head(&self, sealed_at: Timestamp) -> Head {
        let tree = self.grown();
        // As it is kept, so that what is signed is what is read back.
        let sealed_at = Timestamp::from_microsecond(micros::of(sealed_at)).unwrap_or(sealed_at);
        Head { scope: self.scope.0, size: tree.size(), root: tree.root(), sealed_at }
    }

    fn grown(&self) -> Tree {
        let mut tree = self.tree.clone();
        self.leaves.iter().for_each(|waiting| tree.append(waiting.leaf));
        tree
    }
}

/// A batch with the head it makes, to be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealing {
    /// The batch.
    pub batch: Batch,
    /// When.
    pub sealed_at: Timestamp,
    /// The signature of its head.
    pub signature: Signature,
}

impl Records {
    /// What to seal next, of one instant: at most a batch, in about the order it happened.
    pub async fn unsealed(&self, scope: Scope) -> Result<Batch, Error> {
        let tx = open::begin_snapshot(&self.reads).await?;
        let last = last_head(&tx, scope).await?;
        let queue = unsealed::Entity::find()
            .filter(unsealed::Column::Scope.eq(scope.key()))
            .order_by_asc(unsealed::Column::At)
            .order_by_asc(unsealed::Column::Kind)
            .order_by_asc(unsealed::Column::Key)
            .limit(BATCH_MAX)
            .all(&tx)
            .await?;
        let mut found = std::collections::BTreeMap::new();
        for kind in Kind::ALL {
            let of_kind = queue.iter().filter(|row| row.kind == kind.as_str());
            let keys: Vec<String> = of_kind.map(|row| row.key.clone()).collect();
            for row in rows::named(&tx, scope, kind, &keys).await? {
                found.insert((kind, row.key.clone()), row);
            }
        }
        tx.commit().await?;
        let waiting = |row: unsealed::Model| {
            let kind = parse_kind(&row.kind)?;
            let found = found.get(&(kind, row.key.clone()));
            let gone = Leaf { scope: scope.0, kind, key: &row.key, at_us: row.at, content: None };
            Ok(Waiting {
                kind,
                at_us: found.map_or(row.at, |found| found.at_us),
                leaf: found.map_or_else(|| gone.hash(), |found| found.leaf(scope)),
                gone: found.is_none(),
                key: row.key,
            })
        };
        let leaves = queue.into_iter().map(waiting).collect::<Result<_, Error>>()?;
        let after = last.as_ref().map_or(0, |row| micros::count(row.number));
        let tree = last.as_ref().map_or_else(|| Ok(Tree::default()), read_tree)?;
        Ok(Batch { scope, after, tree, leaves })
    }

    /// When history was last written, by the clock of whoever wrote it; none while there is none.
    pub async fn last_written_at(&self, scope: Scope) -> Result<Option<Timestamp>, Error> {
        let waiting = unsealed::Entity::find()
            .select_only()
            .column_as(unsealed::Column::At.max(), "at")
            .filter(unsealed::Column::Scope.eq(scope.key()));
        let waiting: Option<Option<i64>> = waiting.into_tuple().one(&self.reads).await?;
        let sealed = last_head(&self.reads, scope).await?.map(|head| head.sealed_at);
        waiting.flatten().max(sealed).map(micros::instant).transpose()
    }

    /// How many rows wait to be sealed.
    pub async fn unsealed_count(&self, scope: Scope) -> Result<u64, Error> {
        let queue = unsealed::Entity::find().filter(unsealed::Column::Scope.eq(scope.key()));
        Ok(queue.count(&self.reads).await?)
    }

    /// The head that holds everything sealed so far; none before the first.
    pub async fn seal_head(&self, scope: Scope) -> Result<Option<SealedHead>, Error> {
        last_head(&self.reads, scope).await?.map(|row| read_head(&row)).transpose()
    }

    /// The leaves of the first `size` seals, in their order.
    pub async fn leaves(&self, scope: Scope, size: u64) -> Result<Vec<Hash>, Error> {
        let mut leaves = Vec::new();
        audit::each_seal(&self.reads, scope, |row| {
            if (leaves.len() as u64) < size {
                leaves.push(digest("seal", &row.leaf)?);
            }
            Ok(())
        })
        .await?;
        Ok(leaves)
    }

    /// The number of a row's seal, from 0; none when it has none.
    pub async fn seal_number(
        &self,
        scope: Scope,
        kind: Kind,
        key: &str,
    ) -> Result<Option<u64>, Error> {
        let row = seal::Entity::find()
            .filter(seal::Column::Scope.eq(scope.key()))
            .filter(seal::Column::Kind.eq(kind.as_str()))
            .filter(seal::Column::Key.eq(key))
            .one(&self.reads)
            .await?;
        Ok(row.map(|row| micros::count(row.number)))
    }

    /// Whether a head of this size and root was ever kept here.
    pub async fn knows_head(&self, scope: Scope, size: u64, root: Hash) -> Result<bool, Error> {
        let same = head::Entity::find()
            .filter(head::Column::Scope.eq(scope.key()))
            .filter(head::Column::Size.eq(size.cast_signed()))
            .filter(head::Column::Root.eq(root.0.to_vec()));
        Ok(same.one(&self.reads).await?.is_some())
    }
}

/// Appends a row to history, whose key must be free, and queues its seal.
pub(super) async fn append<M>(
    tx: &DatabaseTransaction,
    scope: Scope,
    row: M,
    what: impl std::fmt::Display,
) -> Result<(), CommitError>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    M::Entity: Table<Model = M>,
{
    let rows::Row { kind, key, at_us, .. } = <M::Entity as Table>::row(row.clone());
    checked::insert(tx, row, what).await?;
    let queued = unsealed::Model {
        scope: scope.key(),
        kind: kind.as_str().to_owned(),
        key: key.clone(),
        at: at_us,
    };
    if insert_new(tx, queued).await? { Ok(()) } else { Err(CommitError::conflict(key)) }
}

/// Moves a batch from the queue to the tree. Conflicts when another has sealed meanwhile.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    scope: Scope,
    sealing: &Sealing,
) -> Result<(), CommitError> {
    let conflict = || CommitError::conflict("the head of the seals");
    let Sealing { batch, sealed_at, signature } = sealing;
    let (tree, made) = (batch.grown(), batch.head(*sealed_at));
    // First, since it is what two sealers race for: on Postgres the second waits here.
    let head = head::Model {
        scope: scope.key(),
        number: batch.after.cast_signed() + 1,
        size: made.size.cast_signed(),
        root: made.root.0.to_vec(),
        peaks: tree.peaks().iter().flat_map(|peak| peak.0).collect(),
        sealed_at: micros::of(*sealed_at),
        public_key: signature.public_key.clone(),
        signature: signature.signature.clone(),
    };
    if batch.is_empty() || !insert_new(tx, head).await? {
        return Err(conflict());
    }
    let seals = (batch.tree.size().cast_signed()..).zip(&batch.leaves);
    let seals = seals.map(|(number, waiting)| {
        let row = seal::Model {
            scope: scope.key(),
            number,
            kind: waiting.kind.as_str().to_owned(),
            key: waiting.key.clone(),
            at: waiting.at_us,
            leaf: waiting.leaf.0.to_vec(),
        };
        row.into_active_model()
    });
    seal::Entity::insert_many(seals).exec_without_returning(tx).await?;
    let mut left = 0;
    for kind in Kind::ALL {
        let of_kind = batch.leaves.iter().filter(|waiting| waiting.kind == kind);
        let keys: Vec<&str> = of_kind.map(|waiting| waiting.key.as_str()).collect();
        let queued = Condition::all()
            .add(unsealed::Column::Scope.eq(scope.key()))
            .add(unsealed::Column::Kind.eq(kind.as_str()))
            .add(unsealed::Column::Key.is_in(keys));
        left += unsealed::Entity::delete_many().filter(queued).exec(tx).await?.rows_affected;
    }
    if left == batch.leaves.len() as u64 { Ok(()) } else { Err(conflict()) }
}

/// Inserts a row of the tables of sealing itself unless its key is taken; says whether it did. They
/// are held together by digests, and need no checksums.
async fn insert_new<M, A>(tx: &DatabaseTransaction, row: M) -> Result<bool, DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let insert = Insert::one(row.into_active_model());
    let insert = insert.on_conflict(OnConflict::new().do_nothing().to_owned());
    Ok(insert.exec_without_returning(tx).await? == 1)
}

async fn last_head(db: &impl ConnectionTrait, scope: Scope) -> Result<Option<head::Model>, Error> {
    let heads = head::Entity::find().filter(head::Column::Scope.eq(scope.key()));
    Ok(heads.order_by_desc(head::Column::Number).one(db).await?)
}

fn read_head(row: &head::Model) -> Result<SealedHead, Error> {
    Ok(SealedHead {
        number: micros::count(row.number),
        head: Head {
            scope: OrgId::from_uuid(row.scope),
            size: micros::count(row.size),
            root: digest("head", &row.root)?,
            sealed_at: micros::instant(row.sealed_at)?,
        },
        signature: Signature {
            public_key: row.public_key.clone(),
            signature: row.signature.clone(),
        },
    })
}

fn read_tree(row: &head::Model) -> Result<Tree, Error> {
    let corrupt =
        || Error::Corrupt { what: "head", why: "its peaks are not its root's".to_owned() };
    let peaks =
        row.peaks.chunks(32).map(|bytes| digest("head", bytes)).collect::<Result<_, _>>()?;
    let tree = Tree::from_peaks(micros::count(row.size), peaks).ok_or_else(corrupt)?;
    if tree.root().0 == *row.root { Ok(tree) } else { Err(corrupt()) }
}

fn digest(what: &'static str, bytes: &[u8]) -> Result<Hash, Error> {
    let corrupt = || Error::Corrupt { what, why: "a digest has 32 bytes".to_owned() };
    Hash::from_bytes(bytes).ok_or_else(corrupt)
}

fn parse_kind(word: &str) -> Result<Kind, Error> {
    let corrupt = || Error::Corrupt { what: "seal", why: format!("`{word}` is no kind") };
    Kind::parse(word).ok_or_else(corrupt)
}
