use super::*;

#[test]
fn kinds_are_read_as_people_type_them() {
    for (word, kind) in [
        ("SLO", Kind::Slo),
        ("slos", Kind::Slo),
        ("BurnPolicy", Kind::BurnPolicy),
        ("burn-policies", Kind::BurnPolicy),
        ("errorbudgetpolicies", Kind::ErrorBudgetPolicy),
        ("data_sources", Kind::DataSource),
        ("scrapetarget", Kind::ScrapeTarget),
    ] {
        assert_eq!(super::kind(word), Ok(kind), "{word}");
    }
    let unknown = |word| super::kind(word).unwrap_err().to_string();
    assert_eq!(unknown("recever"), "there is no kind `recever`: did you mean Receiver?");
    assert!(unknown("nonsense").contains("kinds are Service, "));
}

#[test]
fn a_definition_is_named_in_one_word_or_in_two() {
    let named = |words: &[&str]| {
        let named = Named { words: words.iter().map(|word| (*word).to_owned()).collect() };
        named.read().map(|(kind, name)| (kind, name.to_owned())).map_err(|failure| failure.render())
    };
    assert_eq!(named(&["slo", "a"]), Ok((Kind::Slo, "a".to_owned())));
    assert_eq!(named(&["SLO/a"]), Ok((Kind::Slo, "a".to_owned())));
    let unclear = named(&["slo"]).unwrap_err();
    assert!(unclear.contains("hint: write KIND NAME"), "{unclear}");
}
