//! Text that others wrote, made safe to show: labels, names and messages may hold anything.
//!
//! Invariant: no control character reaches a terminal but line ends and tabs, and the colours that
//! this program puts there itself; nothing turns the direction of writing around.

use serde_json::Value;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// With control characters written out, as `\u001b`; line ends and tabs stay.
pub(crate) fn escaped(text: &str) -> String {
    written_out(text, |letter| matches!(letter, '\n' | '\t'))
}

/// The same on one line: line ends and tabs are written out, too.
pub(crate) fn on_one_line(text: &str) -> String {
    written_out(text, |_| false)
}

/// The same for every text of an answer.
pub(crate) fn escape_all(answer: &mut Value) {
    match answer {
        Value::String(text) => *text = escaped(text),
        Value::Array(items) => items.iter_mut().for_each(escape_all),
        Value::Object(fields) => fields.values_mut().for_each(escape_all),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The last word before the terminal: all but line ends, tabs and, where there are `colours`, what
/// sets them. Within JSON the characters mean the same when they are written out.
pub(super) fn harmless(text: &str, colours: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|letter| is_unsafe(letter) && !matches!(letter, '\n' | '\t')) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let colour = colour(rest).filter(|_| colours);
        let length = match colour {
            Some(length) => {
                out.push_str(&rest[..length]);
                length
            }
            None => {
                let letter = rest.chars().next().expect("`at` is where one was found");
                out.push_str(&code(letter));
                letter.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out + rest
}

/// As many columns as it takes on a terminal; colours take none.
pub(super) fn width(text: &str) -> usize {
    if !text.contains('\u{1b}') {
        return text.width();
    }
    letters(text).map(|(_, wide)| wide).sum()
}

/// No more of a line than fits, colours left whole.
pub(crate) fn clipped(line: &str, room: usize) -> String {
    if width(line) <= room {
        return line.to_owned();
    }
    let (mut out, mut left) = (String::new(), room.saturating_sub(1));
    for (piece, wide) in letters(line) {
        if wide > left {
            break;
        }
        left -= wide;
        out.push_str(piece);
    }
    let reset = if line.contains('\u{1b}') { "\u{1b}[0m" } else { "" };
    format!("{out}…{reset}")
}

/// A text whose lines fit, broken between words; what goes on stands two further in. No word is
/// cut: an id in two pieces cannot be copied.
pub(super) fn wrapped(text: &str, room: usize) -> String {
    let lines = text.lines().map(|line| wrapped_line(line, room));
    lines.collect::<Vec<_>>().join("\n")
}

fn wrapped_line(line: &str, room: usize) -> String {
    let (mut out, mut used) = (String::with_capacity(line.len()), 0);
    for (place, word) in line.split(' ').enumerate() {
        let wide = width(word);
        if used + 1 + wide > room && !out.trim().is_empty() {
            out.push_str("\n  ");
            used = 2;
        } else if place > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += wide;
    }
    out
}

/// The letters and colours of a line, each with its width.
fn letters(line: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let letter = rest.chars().next()?;
        let colour = colour(rest);
        let (piece, after) = rest.split_at(colour.unwrap_or(letter.len_utf8()));
        rest = after;
        Some((piece, if colour.is_some() { 0 } else { letter.width().unwrap_or(0) }))
    })
}

/// How long the sequence is that sets a colour, if the text starts with one.
fn colour(text: &str) -> Option<usize> {
    let body = text.strip_prefix("\u{1b}[")?;
    let digits = body.find(|letter: char| !letter.is_ascii_digit() && letter != ';')?;
    body[digits..].starts_with('m').then_some("\u{1b}[".len() + digits + 1)
}

fn written_out(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unsafe(letter) && !stays(letter) {
            out.push_str(&code(letter));
        } else {
            out.push(letter);
        }
    }
    out
}

fn code(letter: char) -> String {
    match letter {
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        '\r' => "\\r".to_owned(),
        other => format!("\\u{:04x}", u32::from(other)),
    }
}

/// Control characters, and those that turn the direction of writing around (Unicode TR 36, 3.2).
fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(letter, '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
