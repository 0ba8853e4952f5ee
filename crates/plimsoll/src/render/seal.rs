//! Seals: the head, and what an audit of history found.

use plimsoll_api::v1::seal::{Head, Kept, Verification, Violation};

use super::format::{count, instant};
use super::{NOTHING, Screen, Word, page};

/// How many violations are listed; JSON has them all.
const LISTED_MAX: usize = 50;

/// What was found, its outcome first.
pub(crate) fn verification(screen: &Screen, found: &Verification) -> String {
    let outcome = if found.intact {
        screen.loud(&Word::status("intact"))
    } else {
        screen.loud(&Word::status("changed"))
    };
    let title = format!("History: {outcome}");
    let head = found.head.as_ref().map(|head| {
        let signed = match found.signer.as_str() {
            "installation" => "signed by this installation",
            "witness" => "signed with the key of the head that was kept",
            _ => "signed, with no key at hand to compare",
        };
        format!("{} of {}, {signed}", head.root, instant(head.sealed_at))
    });
    let sheet = screen.sheet([
        ("Sealed", rows(found.sealed).into()),
        ("Waiting", waiting(found.waiting).into()),
        ("Erased", rows(found.erased).into()),
        ("Head", Word::from(head)),
        ("Against", against(found).into()),
    ]);
    page([title, sheet, violations(screen, found)])
}

/// A head.
pub(crate) fn head(screen: &Screen, head: &Head) -> String {
    screen.sheet([
        ("Origin", head.origin.as_str().into()),
        ("Sealed", rows(head.size).into()),
        ("Root", head.root.as_str().into()),
        ("At", instant(head.sealed_at).into()),
        ("Key", head.key.as_str().into()),
    ])
}

fn rows(number: u64) -> String {
    count(number as f64)
}

fn waiting(number: u64) -> String {
    match number {
        0 => rows(0),
        _ => format!("{}, which a running server seals within seconds", rows(number)),
    }
}

fn against(found: &Verification) -> String {
    if found.against.is_empty() {
        return format!("{NOTHING} (a head kept elsewhere would show a history set back whole)");
    }
    let kept = |Kept { place, size }: &Kept| format!("{place} ({})", rows(*size));
    found.against.iter().map(kept).collect::<Vec<_>>().join(", ")
}

fn violations(screen: &Screen, found: &Verification) -> String {
    if found.violations.is_empty() {
        return String::new();
    }
    let row = |violation: &Violation| {
        let Violation { fault, kind, key, number, detail } = violation;
        let what = kind.as_ref().zip(key.as_ref()).map(|(kind, key)| format!("{kind} {key}"));
        let seal = number.map(|number| number.to_string());
        vec![Word::status(fault), what.into(), seal.into(), detail.as_str().into()]
    };
    let listed = found.violations.iter().take(LISTED_MAX).map(row);
    let table = screen.table(&["FAULT", "ROW", "SEAL", "DETAIL"], listed);
    let rest = found.violations.len().saturating_sub(LISTED_MAX) as u64 + found.more;
    let rest = if rest == 0 { String::new() } else { format!("and {} more", rows(rest)) };
    page([table, rest])
}

#[cfg(test)]
mod tests;
