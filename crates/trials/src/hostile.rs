//! Texts that turn into something else where they are shown, sent or pasted without care: markup,
//! headers, mentions, formulas, control characters. One table for every place that shows what
//! others wrote, the web app's tests included.

/// The table, as JSON.
const TABLE: &str = include_str!("hostile.json");

/// All of them.
///
/// # Panics
/// When the table is no list of texts.
pub fn texts() -> Vec<String> {
    serde_json::from_str(TABLE).expect("the table is a list of texts")
}
