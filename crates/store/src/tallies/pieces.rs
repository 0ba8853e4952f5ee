//! Where postcard reads what does not lie in memory: piece by piece, each held until the next.

use std::io::{Read, Result};

use postcard::Error;
use postcard::de_flavors::Flavor;

/// A reader, best a buffered one: most pieces are a single byte.
pub(super) struct Pieces<R> {
    input: R,
    piece: Vec<u8>,
}

impl<R: Read> Pieces<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, piece: Vec::new() }
    }
}

impl<'de, R: Read + 'de> Flavor<'de> for Pieces<R> {
    type Remainder = R;
    type Source = R;

    fn pop(&mut self) -> postcard::Result<u8> {
        let mut byte = [0];
        found(self.input.read_exact(&mut byte))?;
        Ok(byte[0])
    }

    /// Nothing is borrowed from what is read.
    fn try_take_n(&mut self, _: usize) -> postcard::Result<&'de [u8]> {
        Err(Error::WontImplement)
    }

    fn try_take_n_temp<'a>(&'a mut self, count: usize) -> postcard::Result<&'a [u8]>
    where
        'de: 'a,
    {
        self.piece.clear();
        // It grows with what there is, whatever the length says.
        let mut input = (&mut self.input).take(count as u64);
        match found(input.read_to_end(&mut self.piece))? == count {
            true => Ok(&self.piece),
            false => Err(Error::DeserializeUnexpectedEnd),
        }
    }

    fn finalize(self) -> postcard::Result<R> {
        Ok(self.input)
    }
}

/// Postcard has no word for what a reader may say.
fn found<T>(read: Result<T>) -> postcard::Result<T> {
    read.map_err(|_| Error::DeserializeUnexpectedEnd)
}
