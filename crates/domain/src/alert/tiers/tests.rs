use super::*;

fn tiers(tell: bool) -> Tiers {
    let tier = Tier { act: None, tell, belongs: Vec::new() };
    let name = Name::parse("default").expect("a name");
    Tiers { name, page: tier.clone(), ticket: tier.clone(), log: tier }
}

#[test]
fn alr_05_a_page_is_told_whatever_is_written() {
    let told = |tiers: Option<Tiers>| Severity::ALL.map(|severity| tells(tiers.as_ref(), severity));
    assert_eq!(Severity::ALL, [Severity::Log, Severity::Ticket, Severity::Page]);
    assert_eq!(told(None), [false, true, true]);
    assert_eq!(told(Some(tiers(false))), [false, false, true]);
    assert_eq!(told(Some(tiers(true))), [true; 3]);
}

#[test]
fn severities_are_ordered_by_how_much_they_ask() {
    assert!(Severity::Log < Severity::Ticket && Severity::Ticket < Severity::Page);
}
