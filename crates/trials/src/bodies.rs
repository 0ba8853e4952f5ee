//! Bodies of remote write, sound ones and whatever else can be put together.

/// A message as it is sent: encoded, and compressed by snappy.
pub fn packed(message: &impl prost::Message) -> Vec<u8> {
    snappy(&message.encode_to_vec())
}

/// Any bytes, compressed by snappy.
///
/// # Panics
/// When they are more than the 4 GiB that a block of snappy holds.
pub fn snappy(bytes: &[u8]) -> Vec<u8> {
    snap::raw::Encoder::new().compress_vec(bytes).expect("they fit a block")
}

/// A length-delimited field: its key, its length, and what it holds.
pub fn nested(key: u8, payload: &[u8]) -> Vec<u8> {
    let mut field = vec![key];
    prost::encode_length_delimiter(payload.len(), &mut field).expect("a vector grows");
    field.extend(payload);
    field
}
