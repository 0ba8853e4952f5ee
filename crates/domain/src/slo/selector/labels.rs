//! Label sets, packed: a fold holds one for each of hundreds of thousands of series.

use std::cmp::Ordering;

use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A label set: pairs sorted by name, names unique, the metric's name as `__name__`.
///
/// Names and values stand one behind the other in one text, each after its length: a text of its
/// own for each would take three times the room, a list of where they end half as much again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Labels(Box<str>);

/// A length is written in digits of this base, the least first, as ASCII; all but the last carry
/// [`MORE`]. So a length below 64, which most are, takes a byte, and any text remains UTF-8.
const BASE: usize = 64;
const MORE: u8 = 64;

impl Labels {
    /// Sorts pairs into a label set; pairs with an empty value are absent labels (Prometheus data
    /// model) and are left out. `None` when a name occurs twice.
    pub fn from_pairs(mut pairs: Vec<(String, String)>) -> Option<Self> {
        pairs.retain(|(_, value)| !value.is_empty());
        pairs.sort();
        let unique = pairs.windows(2).all(|two| two[0].0 != two[1].0);
        unique.then(|| Self::pack(&pairs))
    }

    fn pack(pairs: &[(String, String)]) -> Self {
        let texts = || pairs.iter().flat_map(|(name, value)| [name, value]);
        let mut packed = String::with_capacity(texts().map(|text| text.len() + 1).sum());
        for text in texts() {
            put_length(&mut packed, text.len());
            packed.push_str(text);
        }
        Self(packed.into())
    }

    /// The value of a label, if present.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut pairs = self.pairs().skip_while(|(known, _)| *known < name);
        pairs.next().filter(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The pairs in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut rest = &*self.0;
        std::iter::from_fn(move || Some((take_text(&mut rest)?, take_text(&mut rest)?)))
    }

    /// The pairs in order, each with texts of its own.
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        self.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

fn put_length(packed: &mut String, mut length: usize) {
    while length >= BASE {
        packed.push(char::from((length % BASE) as u8 | MORE));
        length /= BASE;
    }
    packed.push(char::from(length as u8));
}

/// Splits the first text off; `None` at the end.
fn take_text<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let (mut length, mut scale) = (0, 1);
    for (digits, byte) in rest.bytes().enumerate() {
        length += usize::from(byte & !MORE) * scale;
        scale *= BASE;
        if byte & MORE == 0 {
            let (text, after) = rest[digits + 1..].split_at(length);
            *rest = after;
            return Some(text);
        }
    }
    None
}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Labels {
    fn cmp(&self, other: &Self) -> Ordering {
        self.pairs().cmp(other.pairs())
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pairs = serializer.serialize_seq(Some(self.pairs().count()))?;
        self.pairs().try_for_each(|pair| pairs.serialize_element(&pair))?;
        pairs.end()
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::pack(&Vec::<(String, String)>::deserialize(deserializer)?))
    }
}

impl std::fmt::Display for Labels {
    /// As Prometheus writes a series: `name{a="b"}`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.get("__name__").unwrap_or_default())?;
        f.write_str("{")?;
        let rest = self.pairs().filter(|(name, _)| *name != "__name__");
        for (i, (name, value)) in rest.enumerate() {
            let comma = if i > 0 { "," } else { "" };
            write!(f, "{comma}{name}={value:?}")?;
        }
        f.write_str("}")
    }
}
