//! What each kind of document may say, as data: the reader holds to it and the reference is written
//! from it.
//!
//! Invariant: [`super::fields::Fields`] takes a mapping together with its [`Shape`]; what the shape
//! does not have is an unknown field, so a reader cannot take what the reference leaves out. That
//! types, ranges, defaults and what is required are as the reader has them is tried on the example
//! of each kind, field by field.

mod json;
mod markdown;

use super::Referent;
use super::kind::Kind;

pub use json::{json, json_of_all};
pub use markdown::{index, page};

/// A mapping: the fields it has.
#[derive(Debug)]
pub struct Shape {
    /// The fields, in the order in which people should read of them.
    pub fields: &'static [Field],
    /// Whether other fields are accepted and mean nothing here, as in Backstage's schema.
    pub open: bool,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// Whether it must be there, and what it means to leave it out.
    pub presence: Presence,
    /// What its value is.
    pub of: Type,
    /// What it says, with its unit; a sentence without its full stop.
    pub means: &'static str,
}

/// Whether a field must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Needed,
    /// It must, in the case named here.
    NeededIf(&'static str),
    /// It need not.
    Optional,
    /// Left out, it means this.
    Default(&'static str),
    /// It may be there, and means nothing to Plimsoll.
    Ignored,
    /// The format has it, and it is refused with a hint.
    Refused,
}

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// A text.
    Text,
    /// A name of its own: 1 to 63 letters, digits, `-`, `_` or `.`.
    Name,
    /// The name of another definition.
    NameOf(Referent),
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number(Range),
    /// A whole number, from one to another.
    Whole(u32, u32),
    /// A length of time: a number and `s`, `m`, `h`, `d` or `w`; with words that stand for one.
    Length(&'static [&'static str]),
    /// A length of time as OpenSLO writes it: a number and `m`, `h`, `d`, `w`, or `M`, `Q`, `Y` for
    /// months, quarters and years of a calendar.
    Duration,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of such values.
    List(&'static Type),
    /// A mapping with these fields.
    Object(&'static Shape),
    /// A mapping from keys of the reader's choice; what they are, and of these the known ones if
    /// there are no others.
    Table(&'static str, &'static [&'static str], &'static Type),
    /// Any of these.
    Either(&'static [Type]),
}

/// Where a number lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The lower end.
    pub from: End,
    /// The upper end.
    pub to: End,
}

/// An end of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum End {
    /// There is none.
    None,
    /// This number is the last within.
    At(f64),
    /// This number is the first beyond.
    Before(f64),
}

impl Range {
    /// Any number.
    pub const ANY: Self = Self { from: End::None, to: End::None };
    /// A share: from 0 to 1.
    pub const SHARE: Self = Self { from: End::At(0.0), to: End::At(1.0) };
    /// A share that is neither nothing nor all.
    pub const PART: Self = Self { from: End::Before(0.0), to: End::Before(1.0) };

    /// Whether a number lies within.
    pub fn holds(self, number: f64) -> bool {
        let above = match self.from {
            End::None => true,
            End::At(end) => number >= end,
            End::Before(end) => number > end,
        };
        let below = match self.to {
            End::None => true,
            End::At(end) => number <= end,
            End::Before(end) => number < end,
        };
        above && below
    }

    /// The range in words, for a sentence; empty when it is any number.
    pub fn words(self) -> String {
        let from = match self.from {
            End::None => None,
            End::At(end) => Some(format!("at least {end}")),
            End::Before(end) => Some(format!("above {end}")),
        };
        let to = match self.to {
            End::None => None,
            End::At(end) => Some(format!("at most {end}")),
            End::Before(end) => Some(format!("below {end}")),
        };
        from.into_iter().chain(to).collect::<Vec<_>>().join(" and ")
    }
}

impl Shape {
    /// A mapping with these fields and no others.
    pub(super) const fn of(fields: &'static [Field]) -> Self {
        Self { fields, open: false }
    }

    /// A mapping with these fields, whatever else it has.
    pub(super) const fn open(fields: &'static [Field]) -> Self {
        Self { fields, open: true }
    }

    /// The field of that key.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// A field that must be there.
    pub(super) const fn need(name: &'static str, of: Type, means: &'static str) -> Self {
        Self { name, presence: Presence::Needed, of, means }
    }

    /// A field that must be there in some case.
    pub(super) const fn need_if(
        name: &'static str,
        case: &'static str,
        of: Type,
        means: &'static str,
    ) -> Self {
        Self { name, presence: Presence::NeededIf(case), of, means }
    }

    /// A field that may be left out.
    pub(super) const fn may(name: &'static str, of: Type, means: &'static str) -> Self {
        Self { name, presence: Presence::Optional, of, means }
    }

    /// A field that means `default`, as YAML, when it is left out.
    pub(super) const fn or(
        name: &'static str,
        default: &'static str,
        of: Type,
        means: &'static str,
    ) -> Self {
        Self { name, presence: Presence::Default(default), of, means }
    }

    /// A field that is accepted and means nothing here.
    pub(super) const fn ignored(name: &'static str, means: &'static str) -> Self {
        Self { name, presence: Presence::Ignored, of: Type::Text, means }
    }

    /// A field of the format that is refused; `means` says why.
    pub(super) const fn refused(name: &'static str, means: &'static str) -> Self {
        Self { name, presence: Presence::Refused, of: Type::Text, means }
    }
}

/// One kind: what its documents hold.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// The kind.
    pub kind: Kind,
    /// What it declares, in a few sentences.
    pub summary: &'static str,
    /// The whole document.
    pub document: &'static Shape,
    /// Documents that use every field.
    pub example: &'static str,
}

#[cfg(test)]
mod tests;
