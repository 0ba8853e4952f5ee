//! Which columns of a table are shown, and how wide: pure arithmetic on display widths.
//!
//! Where everything fits, everything is shown as it is. Else one column wraps, optional ones go one
//! by one, and where not even that helps each row becomes a block of lines. No other column is ever
//! cut: an id in two pieces cannot be copied.

/// How a table gives way when it is wider than the terminal.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fit {
    /// The headings that may go, the first of them first.
    pub(crate) optional: &'static [&'static str],
    /// The heading whose cells may take several lines; the last one when none is named.
    pub(crate) wraps: Option<&'static str>,
}

/// What of a table is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plan {
    /// These columns; that one in so much room.
    Table { columns: Vec<usize>, wrapping: Option<(usize, usize)> },
    /// A block of lines for each row.
    Blocks,
}

/// Between two columns.
pub(super) const GAP: usize = 2;

/// A column that wraps is still pleasant to read in so much room.
const PLEASANT: usize = 30;
/// With less it is not a column any more.
const BEARABLE: usize = 12;

/// Plans a table with these headings and widths for a terminal of so many columns; without one,
/// there is room for everything.
pub(super) fn plan(heads: &[&str], widths: &[usize], fit: &Fit, room: Option<usize>) -> Plan {
    let mut columns: Vec<usize> = (0..heads.len()).collect();
    let Some(room) = room else { return Plan::Table { columns, wrapping: None } };
    let wraps = fit.wraps.and_then(|head| heads.iter().position(|it| *it == head));
    let wraps = wraps.unwrap_or(heads.len().saturating_sub(1));
    let least = |bound: usize| widths[wraps].min(bound.max(heads[wraps].len()));
    let mut optional = fit.optional.iter().filter_map(|it| heads.iter().position(|h| h == it));
    loop {
        let total = total(&columns, widths);
        if total <= room {
            return Plan::Table { columns, wrapping: None };
        }
        let others = total.saturating_sub(widths[wraps]);
        let may_wrap = |bound| columns.contains(&wraps) && others + least(bound) <= room;
        if may_wrap(PLEASANT) {
            return Plan::Table { columns, wrapping: Some((wraps, room - others)) };
        }
        match optional.next() {
            Some(goes) => columns.retain(|column| *column != goes),
            None if may_wrap(BEARABLE) => {
                return Plan::Table { columns, wrapping: Some((wraps, room - others)) };
            }
            None => return Plan::Blocks,
        }
    }
}

fn total(columns: &[usize], widths: &[usize]) -> usize {
    let gaps = GAP * columns.len().saturating_sub(1);
    columns.iter().map(|column| widths[*column]).sum::<usize>() + gaps
}

#[cfg(test)]
mod tests;
