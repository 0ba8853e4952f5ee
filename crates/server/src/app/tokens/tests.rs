use super::*;

fn id() -> TokenId {
    TokenId::fresh(1_790_000_000_000, [7; 10])
}

#[test]
fn a_token_reads_back() {
    let secret = URL_SAFE_NO_PAD.encode([251; SECRET_BYTES]);
    let text = write(id(), &secret);
    assert_eq!(read(&text), Some(Written { id: id(), secret: &secret }));
    assert_eq!(text.len(), 5 + 32 + 1 + 32 + 4);
}

#[test]
fn a_mistyped_token_is_told_by_its_checksum() {
    let text = write(id(), &URL_SAFE_NO_PAD.encode([9; SECRET_BYTES]));
    for at in 0..text.len() {
        let mut typed = text.clone().into_bytes();
        typed[at] = if typed[at] == b'x' { b'y' } else { b'x' };
        assert_eq!(read(&String::from_utf8(typed).unwrap()), None, "at {at}");
    }
    for noise in ["", "plim_", "plim_x", "Bearer", "plim_ééééééééééééééééééééééééééééééééé"]
    {
        assert_eq!(read(noise), None, "{noise}");
    }
}
