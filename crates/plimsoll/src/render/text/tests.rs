use serde_json::json;

use super::*;

/// Clears the screen, sets the title, changes the clipboard, hides text, returns, turns around.
const HOSTILE: &str = "a\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\u{1b}[8m\r\u{8}\u{202e}z\u{7f}";

#[test]
fn what_a_terminal_would_obey_is_written_out() {
    let shown = escaped(HOSTILE);
    assert_eq!(shown, r"a\u001b[2J\u001b]0;title\u0007\u009b31m\u001b[8m\r\u0008\u202ez\u007f");
    assert_eq!(escaped("two\nlines\tand 東京 ümlaut"), "two\nlines\tand 東京 ümlaut");
    assert_eq!(on_one_line("two\nlines\t"), r"two\nlines\t");
}

#[test]
fn sentences_are_broken_between_words_and_words_never() {
    assert_eq!(wrapped("note: one two three four", 12), "note: one\n  two three\n  four");
    assert_eq!(wrapped("it fits", 7), "it fits");
    let id = "dec_01a22b3d217a7000ac143bad49a3eca2";
    assert_eq!(wrapped(&format!("the {id}, decided"), 20), format!("the\n  {id},\n  decided"));
    assert_eq!(wrapped("  - a\n\n  b  c", 20), "  - a\n\n  b  c");
    assert_eq!(wrapped("\u{1b}[31mdeny\u{1b}[0m 東京 x", 11), "\u{1b}[31mdeny\u{1b}[0m 東京 x");
}

#[test]
fn only_colours_pass_and_only_where_there_are_any() {
    assert_eq!(harmless("\u{1b}[1;32mok\u{1b}[0m", true), "\u{1b}[1;32mok\u{1b}[0m");
    assert_eq!(harmless("\u{1b}[1;32mok", false), r"\u001b[1;32mok");
    assert_eq!(harmless("\u{1b}[2Jx\u{1b}", true), r"\u001b[2Jx\u001b");
    let kept = harmless(HOSTILE, true);
    let left = kept.replace("\u{1b}[8m", "");
    assert!(!left.chars().any(char::is_control), "{left:?}");
}

#[test]
fn a_json_text_means_the_same_when_it_is_written_out() {
    let answer = json!({ "label": HOSTILE });
    let text = serde_json::to_string(&answer).unwrap();
    let back: Value = serde_json::from_str(&harmless(&text, false)).unwrap();
    assert_eq!(back, answer);
}

#[test]
fn every_text_of_an_answer_is_escaped() {
    let mut answer = json!({"a": ["\u{1b}"], "b": {"c": "\u{7}", "d": 1}});
    escape_all(&mut answer);
    assert_eq!(answer, json!({"a": ["\\u001b"], "b": {"c": "\\u0007", "d": 1}}));
}

#[test]
fn width_is_what_the_terminal_shows() {
    assert_eq!(["abc", "東京", "e\u{301}", "\u{1b}[32mok\u{1b}[0m"].map(width), [3, 4, 1, 2]);
}

#[test]
fn a_line_is_clipped_between_letters() {
    assert_eq!(clipped("abcdef", 6), "abcdef");
    assert_eq!(clipped("abcdefg", 6), "abcde…");
    assert_eq!(clipped("東京都庁", 6), "東京…");
    assert_eq!(clipped("\u{1b}[32mabcdef\u{1b}[0m", 4), "\u{1b}[32mabc…\u{1b}[0m");
}
