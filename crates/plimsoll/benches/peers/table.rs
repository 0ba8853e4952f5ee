//! Tables of figures: each with its ratio to Plimsoll's, which stands first.

use crate::measure::Memory;
use crate::peer::Kind;

/// A question and its figures.
pub(crate) struct Table {
    title: String,
    rows: Vec<(String, Vec<Option<f64>>, Unit)>,
}

/// How a figure is written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    Seconds,
    Micros,
    Mebibytes,
}

impl Table {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), rows: Vec::new() }
    }

    /// One figure of each program, in the order of [`Kind::ALL`]; none for one it does not have.
    pub(crate) fn row(
        &mut self,
        name: impl Into<String>,
        unit: Unit,
        figures: impl IntoIterator<Item = Option<f64>>,
    ) {
        self.rows.push((name.into(), figures.into_iter().collect(), unit));
    }

    /// Three rows of memory.
    pub(crate) fn memory(&mut self, of: &[Memory]) {
        let mut row = |name, bytes: fn(&Memory) -> f64| {
            self.row(name, Unit::Mebibytes, of.iter().map(|memory| Some(bytes(memory))));
        };
        row("memory, resident", |memory| memory.resident);
        row("memory, its own (no mapped files)", |memory| memory.own);
        row("memory, peak", |memory| memory.peak);
    }

    pub(crate) fn print(&self) {
        println!("\n{}", self.title);
        print!("  {:<34}", "");
        for kind in Kind::ALL {
            print!("{:>20}", kind.name());
        }
        println!();
        for (name, figures, unit) in &self.rows {
            print!("  {name:<34}");
            let ours = figures.first().copied().flatten();
            for (at, figure) in figures.iter().enumerate() {
                print!("{:>20}", cell(*figure, ours.filter(|_| at > 0), *unit));
            }
            println!();
        }
    }
}

/// A figure, and how many times ours it is.
fn cell(figure: Option<f64>, ours: Option<f64>, unit: Unit) -> String {
    let Some(figure) = figure else { return "–".to_owned() };
    let written = match unit {
        Unit::Seconds => format!("{figure:.2} s"),
        Unit::Micros => format!("{:.1} µs", figure * 1e6),
        Unit::Mebibytes => format!("{:.1} MiB", figure / f64::from(1 << 20)),
    };
    match ours.filter(|ours| *ours > 0.0).map(|ours| figure / ours) {
        None => written,
        Some(ratio) if ratio >= 100.0 => format!("{written} ×{ratio:.0}"),
        Some(ratio) => format!("{written} ×{ratio:.2}"),
    }
}
