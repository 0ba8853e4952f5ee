use super::*;

#[test]
fn the_nearest_word_is_meant_if_it_is_near() {
    let known = ["rules", "unmeasured", "validFor", "rule"];
    let meant = |word| nearest(word, known);
    assert_eq!(meant("validfor"), Some("validFor"), "case does not matter");
    assert_eq!(meant("unmeasurd"), Some("unmeasured"));
    assert_eq!(meant("rulez"), Some("rules"), "the first of two that are as near");
    assert_eq!(meant("something"), None);
    assert_eq!(meant(""), None);
    assert_eq!(meant(&"é".repeat(40)), None, "longer than any word");
}

#[test]
fn only_words_of_about_the_same_length_are_compared() {
    let texts: Vec<String> = (1..=40).map(|length| "x".repeat(length)).collect();
    let words = Words::of(texts.iter().map(String::as_str));
    let mut comparisons = Comparisons::default();
    assert_eq!(words.nearest("xxxxxxxxxy", &mut comparisons), Some("xxxxxxxxx"));
    assert_eq!(COMPARISONS_MAX - comparisons.left, 7, "of 7 to 13 letters");
}

#[test]
fn comparisons_come_to_an_end() {
    let texts: Vec<String> = (0..1_000).map(|number| format!("word-{number:04}")).collect();
    let words = Words::of(texts.iter().map(String::as_str));
    let mut comparisons = Comparisons { left: 2_500 };
    let found = [(); 4].map(|()| words.nearest("word-0007x", &mut comparisons));
    assert_eq!(found, [Some("word-0007"), Some("word-0007"), None, None]);
    assert_eq!(comparisons.left, 500);
    assert_eq!(words.nearest("word", &mut comparisons), None, "none is as short");
    assert_eq!(comparisons.left, 500, "so that costs nothing");
}
