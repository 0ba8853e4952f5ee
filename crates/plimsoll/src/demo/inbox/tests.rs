use super::*;

fn letter(number: usize) -> Vec<u8> {
    format!("Message-ID: <ntf_{number}@b>\r\nSubject: {number}\r\n\r\n").into_bytes()
}

#[test]
fn a_letter_that_comes_twice_is_kept_once_and_found_by_its_notification() {
    let inbox = Inbox::new(World::system());
    assert_eq!(inbox.keep(Vec::new(), &letter(1)), 1);
    assert_eq!(inbox.keep(Vec::new(), &letter(2)), 2);
    assert_eq!(inbox.keep(Vec::new(), &letter(1)), 1);
    assert_eq!(inbox.all().len(), 2);
    assert_eq!(inbox.find("ntf_2").map(|kept| kept.number), Some(2));
    assert!(inbox.find("ntf_").is_none());
}

#[test]
fn the_newest_are_kept() {
    let inbox = Inbox::new(World::system());
    for number in 1..=KEPT + 3 {
        inbox.keep(Vec::new(), &letter(number));
    }
    assert_eq!(inbox.all().len(), KEPT);
    assert!(inbox.get(3).is_none() && inbox.get(4).is_some());
}
