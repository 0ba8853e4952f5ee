use super::size;

#[test]
fn sizes_have_a_unit_that_fits_and_say_no_more_than_there_is() {
    for (bytes, said) in [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (8 << 20, "8.0 MiB"),
        ((8 << 20) - 1, "7.9 MiB"),
        (1 << 40, "1.0 TiB"),
        (u64::MAX, "16383.9 PiB"),
    ] {
        assert_eq!(size(bytes), said);
    }
}
