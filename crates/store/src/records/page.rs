//! Paging by key: newest first, an opaque cursor that names the last row given.
//!
//! Invariant: following the cursors to the end gives every row that was there at the start exactly
//! once, whatever is added meanwhile.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use uuid::Uuid;

use super::{Error, rows};

/// A page holds at most this many rows, whatever is asked.
pub const PAGE_LIMIT_MAX: u32 = 1_000;

/// Which page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// How many rows at most; held to 1 to [`PAGE_LIMIT_MAX`].
    pub limit: u32,
    /// The `next_cursor` of the page before; none for the first.
    pub cursor: Option<String>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// Where the next page starts; none on the last.
    pub next_cursor: Option<String>,
}

impl<T> Listing<T> {
    /// The same page with each row read by `read`.
    pub(super) fn try_map<U>(
        self,
        read: impl FnMut(T) -> Result<U, Error>,
    ) -> Result<Listing<U>, Error> {
        let items = self.items.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Listing { items, next_cursor: self.next_cursor })
    }
}

/// What a listing is ordered by, and the cursor made of it: a time, then an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) at: i64,
    pub(super) id: Uuid,
}

impl Position {
    fn cursor(self) -> String {
        format!("{:016x}{}", self.at, self.id.simple())
    }

    fn parse(cursor: &str) -> Result<Self, Error> {
        let read = |cursor: &str| {
            let (at, id) = cursor.split_at_checked(16)?;
            let at = u64::from_str_radix(at, 16).ok()?.cast_signed();
            Some(Self { at, id: Uuid::try_parse(id).ok()? })
        };
        read(cursor).ok_or(Error::Cursor)
    }
}

/// One page of `select`, newest first by the columns `at` and `id`, whose values `position` reads
/// off a row.
pub(super) async fn newest_first<E: EntityTrait>(
    db: &impl ConnectionTrait,
    select: Select<E>,
    (at, id): (E::Column, E::Column),
    position: impl Fn(&E::Model) -> Position,
    page: &PageRequest,
) -> Result<Listing<E::Model>, Error> {
    let limit = page.limit.clamp(1, PAGE_LIMIT_MAX);
    let mut select = select.order_by_desc(at).order_by_desc(id).limit(u64::from(limit) + 1);
    if let Some(cursor) = &page.cursor {
        let last = Position::parse(cursor)?;
        let key = Expr::tuple([at.into_expr(), id.into_expr()]);
        select = select.filter(key.lt(Expr::tuple([Expr::val(last.at), Expr::val(last.id)])));
    }
    let mut items = rows::all(db, select).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|row| position(row).cursor());
    Ok(Listing { items, next_cursor })
}
