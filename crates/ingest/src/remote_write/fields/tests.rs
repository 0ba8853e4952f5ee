use super::*;

#[test]
fn varints_are_read_to_their_last_bit_and_no_further() {
    let read = |bytes: &[u8]| Fields::of(0..bytes.len()).varint(bytes);
    assert_eq!(read(&[0x96, 0x01]), Ok(150));
    assert_eq!(read(&[0x80, 0x00]), Ok(0));
    let mut largest = [0xff; 10];
    largest[9] = 0x01;
    assert_eq!(read(&largest), Ok(u64::MAX));
    largest[9] = 0x02;
    assert_eq!(read(&largest), Err(Malformed));
    assert_eq!(read(&[0xff; 11]), Err(Malformed));
    assert_eq!(read(&[0x80]), Err(Malformed));
    assert_eq!(read(&[]), Err(Malformed));
}

#[test]
fn zigzag_alternates_around_zero() {
    assert_eq!([0, 1, 2, 3, u64::MAX].map(zigzag), [0, -1, 1, -2, i64::MIN]);
    assert_eq!([0, 1, 105, u64::from(u32::MAX)].map(zigzag32), [0, -1, -53, i32::MIN]);
}

#[test]
fn a_field_ends_where_its_message_ends() {
    let step = |bytes: &[u8]| Fields::of(0..bytes.len()).next(bytes).map(|field| field.is_some());
    assert_eq!(step(&[]), Ok(false));
    assert_eq!(step(&[0x0a, 0x01, 0x00]), Ok(true));
    assert_eq!(step(&[0x0d, 1, 2, 3, 4]), Ok(true));
    let malformed: [&[u8]; 8] = [
        // Longer than what is left, and than what there can be.
        &[0x0a, 0x02, 0x00],
        &[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        &[0x09, 1, 2, 3, 4, 5, 6, 7],
        &[0x0d, 1, 2, 3],
        // A group, its end, a wire type that does not exist, and the field zero.
        &[0x0b],
        &[0x0c],
        &[0x0f],
        &[0x02, 0x00],
    ];
    for bytes in malformed {
        assert_eq!(step(bytes), Err(Malformed), "{bytes:x?}");
    }
    // The message it stands in may go on: its field may not.
    assert_eq!(Fields::of(0..2).next(&[0x0a, 0x01, 0x00]), Err(Malformed));
}
