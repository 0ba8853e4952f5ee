//! One change to an input. Positions are taken modulo the input's length, so that every change
//! fits every input, and a shrunk one still does.

use proptest::prelude::*;

/// Inputs do not grow beyond this.
const INPUT_BYTES_MAX: usize = 64 << 10;

/// Bytes at which length fields and counters change their minds.
const EDGES: [&[u8]; 10] = [
    &[0x00],
    &[0x7f],
    &[0x80],
    &[0xff],
    &[0x80, 0x01],
    &[0xff, 0xff, 0x03],
    &[0xff, 0xff, 0xff, 0xff, 0x07],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    &[0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0x7f],
];

/// A change.
#[derive(Debug, Clone)]
pub(crate) enum Mutation {
    /// One bit is turned.
    Flip { at: usize, bit: u8 },
    /// One byte is another.
    Set { at: usize, byte: u8 },
    /// One byte is a little more or less, as a length that lies.
    Add { at: usize, delta: i8 },
    /// Everything from there is missing.
    Truncate { at: usize },
    /// A stretch is missing.
    Remove { at: usize, length: usize },
    /// A stretch comes several times.
    Repeat { at: usize, length: usize, times: usize },
    /// A stretch of another sound input comes in.
    Splice { at: usize, other: usize, from: usize, length: usize },
    /// A number on an edge stands there.
    Edge { at: usize, which: usize },
    /// A word of the language comes in.
    Word { at: usize, which: usize },
}

/// Any change.
pub(crate) fn any() -> impl Strategy<Value = Mutation> {
    let (at, length) = (0..usize::MAX, 1..64_usize);
    prop_oneof![
        (at.clone(), 0..8_u8).prop_map(|(at, bit)| Mutation::Flip { at, bit }),
        (at.clone(), 0..=u8::MAX).prop_map(|(at, byte)| Mutation::Set { at, byte }),
        (at.clone(), -3..=3_i8).prop_map(|(at, delta)| Mutation::Add { at, delta }),
        at.clone().prop_map(|at| Mutation::Truncate { at }),
        (at.clone(), length.clone()).prop_map(|(at, length)| Mutation::Remove { at, length }),
        (at.clone(), length.clone(), 1..80_usize)
            .prop_map(|(at, length, times)| Mutation::Repeat { at, length, times }),
        (at.clone(), at.clone(), at.clone(), length)
            .prop_map(|(at, other, from, length)| { Mutation::Splice { at, other, from, length } }),
        (at.clone(), at.clone()).prop_map(|(at, which)| Mutation::Edge { at, which }),
        (at.clone(), at).prop_map(|(at, which)| Mutation::Word { at, which }),
    ]
}

impl Mutation {
    /// Changes an input.
    pub(crate) fn apply(&self, input: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&[u8]]) {
        match *self {
            Self::Flip { at, bit } => change(input, at, |byte| byte ^ (1 << bit)),
            Self::Set { at, byte } => change(input, at, |_| byte),
            Self::Add { at, delta } => change(input, at, |byte| byte.wrapping_add_signed(delta)),
            Self::Truncate { at } => input.truncate(place(at, input.len())),
            Self::Remove { at, length } => drop(input.drain(stretch(input, at, length))),
            Self::Repeat { at, length, times } => {
                let piece = input[stretch(input, at, length)].repeat(times);
                insert(input, at, &piece);
            }
            Self::Splice { at, other, from, length } => {
                if let Some(other) = seeds.get(place(other, seeds.len())) {
                    insert(input, at, &other[stretch(other, from, length)]);
                }
            }
            Self::Edge { at, which } => {
                let edge = EDGES[place(which, EDGES.len())];
                let gap = stretch(input, at, edge.len());
                input.splice(gap, edge.iter().copied());
            }
            Self::Word { at, which } => {
                if let Some(word) = words.get(place(which, words.len())) {
                    insert(input, at, word);
                }
            }
        }
    }
}

fn place(at: usize, length: usize) -> usize {
    if length == 0 { 0 } else { at % length }
}

fn stretch(input: &[u8], at: usize, length: usize) -> std::ops::Range<usize> {
    let start = place(at, input.len());
    start..(start + length).min(input.len())
}

fn change(input: &mut [u8], at: usize, to: impl Fn(u8) -> u8) {
    let at = place(at, input.len());
    input.iter_mut().skip(at).take(1).for_each(|byte| *byte = to(*byte));
}

fn insert(input: &mut Vec<u8>, at: usize, piece: &[u8]) {
    if input.len() + piece.len() <= INPUT_BYTES_MAX {
        let at = place(at, input.len() + 1);
        input.splice(at..at, piece.iter().copied());
    }
}
