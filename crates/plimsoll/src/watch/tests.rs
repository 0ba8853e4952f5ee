use super::*;

#[test]
fn a_picture_never_exceeds_the_terminal() {
    let picture = "NAME  WHAT\na     something long\nb     x\nc     y";
    assert_eq!(
        fitted("live from here", picture, 12, 6),
        "live from h…\n\nNAME  WHAT\na     somet…\nb     x\nc     y"
    );
    assert_eq!(
        fitted("live", picture, 80, 5),
        "live\n\nNAME  WHAT\na     something long\n… and 2 more lines"
    );
    for lines in 2..9 {
        assert!(fitted("live", picture, 80, lines).lines().count() <= lines.max(3), "{lines}");
    }
}
