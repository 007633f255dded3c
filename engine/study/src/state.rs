//! What a run remembers from one step to the next, and how it is taken down and put back bit by bit.
//!
//! Every part of a run that remembers something implements [`State`] by naming its fields once: [`state!`] makes
//! one function of them that both writes and reads, so that the two cannot differ, and takes the struct apart
//! without `..`, so that a new field does not compile until it is said whether it is remembered.
//!
//! # Layout
//! Numbers are eight bytes, least significant first, an `f64` by its bits; a `bool` is one byte; a list is its
//! length and its items; an `Option` is a `bool` and, if true, its item. Parts carry their names.
//!
//! # Absences
//! No reading allocates by a length that stands in the file: a list that was made when the plant was compiled
//! must have that length, one that grows grows with the bytes that are really there.

use std::io::{self, Read, Write};

/// Why something cannot be put back.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It cannot be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It ends too early.
    #[error("it ends within the {0}")]
    Short(&'static str),
    /// It goes on after its end.
    #[error("something follows after its end")]
    Long,
    /// It was taken from another run.
    #[error("it belongs to another site or to other settings of the run")]
    OtherRun,
    /// Another part stands where this one is expected.
    #[error("the {0} is not where it is expected")]
    Part(&'static str),
    /// Another number of items than the compiled plant has.
    #[error("the {part} has a list of {found} where {expected} are expected")]
    Length {
        /// The part.
        part: &'static str,
        /// As it stands there.
        found: u64,
        /// As the compiled plant has it.
        expected: u64,
    },
    /// A value that cannot be.
    #[error("the {0} has a value that cannot be")]
    Value(&'static str),
}

/// A part of a run that remembers something from one step to the next.
pub(crate) trait State {
    /// Leads everything that is remembered through the archive, which takes it down or puts it back.
    ///
    /// # Errors
    /// See [`Unfit`]. What was to be put back is then of no use.
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit>;
}

/// Takes down, or puts back, what is led through it.
pub(crate) struct Archive<'a> {
    through: Through<'a>,
    part: &'static str,
}

enum Through<'a> {
    Taken(&'a mut dyn Write),
    Given(&'a mut dyn Read),
}

impl<'a> Archive<'a> {
    /// Takes down.
    pub fn to(sink: &'a mut dyn Write) -> Self {
        Archive { through: Through::Taken(sink), part: "beginning" }
    }

    /// Puts back.
    pub fn from(source: &'a mut dyn Read) -> Self {
        Archive { through: Through::Given(source), part: "beginning" }
    }

    /// A part under its name.
    pub fn part(&mut self, name: &'static str, state: &mut impl State) -> Result<(), Unfit> {
        self.part = name;
        self.same(name.as_bytes(), Unfit::Part(name))?;
        state.pass(self)
    }

    /// Something that must be the same when it is put back.
    pub fn same(&mut self, bytes: &[u8], otherwise: Unfit) -> Result<(), Unfit> {
        for &byte in bytes {
            let mut found = [byte];
            self.bytes(&mut found)?;
            if found != [byte] {
                return Err(otherwise);
            }
        }
        Ok(())
    }

    /// A list that grows during a run.
    pub fn growing<T: State + Default>(&mut self, list: &mut Vec<T>) -> Result<(), Unfit> {
        let mut length = list.len() as u64;
        length.pass(self)?;
        if let Through::Taken(_) = self.through {
            return list.iter_mut().try_for_each(|item| item.pass(self));
        }
        list.clear();
        for _ in 0..length {
            let mut item = T::default();
            item.pass(self)?;
            list.push(item);
        }
        Ok(())
    }

    /// Nothing may follow.
    pub fn end(&mut self) -> Result<(), Unfit> {
        match &mut self.through {
            Through::Taken(_) => Ok(()),
            Through::Given(source) => match source.read(&mut [0])? {
                0 => Ok(()),
                _ => Err(Unfit::Long),
            },
        }
    }

    /// The error for a value of this part that cannot be.
    pub fn refuse(&self) -> Unfit {
        Unfit::Value(self.part)
    }

    fn bytes(&mut self, bytes: &mut [u8]) -> Result<(), Unfit> {
        match &mut self.through {
            Through::Taken(sink) => Ok(sink.write_all(bytes)?),
            Through::Given(source) => source.read_exact(bytes).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => Unfit::Short(self.part),
                _ => error.into(),
            }),
        }
    }
}

impl<T: State> State for &mut T {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        (**self).pass(archive)
    }
}

impl State for u64 {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let mut bytes = self.to_le_bytes();
        archive.bytes(&mut bytes)?;
        *self = u64::from_le_bytes(bytes);
        Ok(())
    }
}

impl State for f64 {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let mut bits = self.to_bits();
        bits.pass(archive)?;
        *self = f64::from_bits(bits);
        Ok(())
    }
}

impl State for bool {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let mut byte = [u8::from(*self)];
        archive.bytes(&mut byte)?;
        *self = match byte {
            [0] => false,
            [1] => true,
            _ => return Err(archive.refuse()),
        };
        Ok(())
    }
}

impl State for String {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let mut letters: Vec<u64> = self.chars().map(|c| u64::from(u32::from(c))).collect();
        archive.growing(&mut letters)?;
        let read = letters.into_iter().map(|c| u32::try_from(c).ok().and_then(char::from_u32));
        *self = read.collect::<Option<String>>().ok_or_else(|| archive.refuse())?;
        Ok(())
    }
}

impl<T: State + Default> State for Option<T> {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let mut some = self.is_some();
        some.pass(archive)?;
        match some {
            true => self.get_or_insert_default().pass(archive),
            false => {
                *self = None;
                Ok(())
            }
        }
    }
}

impl<A: State, B: State> State for (A, B) {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        self.0.pass(archive)?;
        self.1.pass(archive)
    }
}

impl<T: State, const N: usize> State for [T; N] {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        self.iter_mut().try_for_each(|item| item.pass(archive))
    }
}

/// A list whose length the compiled plant decides; see [`Archive::growing`] for others.
impl<T: State> State for Vec<T> {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let expected = self.len() as u64;
        let mut found = expected;
        found.pass(archive)?;
        if found != expected {
            return Err(Unfit::Length { part: archive.part, found, expected });
        }
        self.iter_mut().try_for_each(|item| item.pass(archive))
    }
}

/// Implements [`State`]: the fields that are remembered, then those that the compiled plant decides or that are
/// working space.
macro_rules! state {
    ($type:ty { $($field:ident),+ $(,)? } fixed { $($fixed:ident),* $(,)? }) => {
        impl $crate::state::State for $type {
            fn pass(
                &mut self,
                archive: &mut $crate::state::Archive,
            ) -> Result<(), $crate::state::Unfit> {
                let Self { $($field,)+ $($fixed: _,)* } = self;
                $($crate::state::State::pass($field, archive)?;)+
                Ok(())
            }
        }
    };
}
pub(crate) use state;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Default, PartialEq)]
    struct Item {
        on: bool,
        last: Option<(f64, f64)>,
        count: u64,
        limit: f64,
    }
    state!(Item { on, last, count } fixed { limit });

    #[derive(Debug, Clone, Default, PartialEq)]
    struct Whole {
        items: Vec<Item>,
        records: Vec<f64>,
    }
    impl State for Whole {
        fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
            let Whole { items, records } = self;
            archive.part("items", items)?;
            archive.growing(records)?;
            archive.end()
        }
    }

    fn whole() -> Whole {
        let item = |on, last, count| Item { on, last, count, limit: 7.0 };
        Whole {
            items: vec![item(true, Some((f64::MIN_POSITIVE, -0.0)), u64::MAX), item(false, None, 3)],
            records: vec![0.1, f64::INFINITY, f64::NEG_INFINITY, 5e-324],
        }
    }

    fn compiled() -> Whole {
        Whole { items: vec![Item { limit: 7.0, ..Item::default() }; 2], records: Vec::new() }
    }

    fn taken(whole: &mut Whole) -> Vec<u8> {
        let mut bytes = Vec::new();
        whole.pass(&mut Archive::to(&mut bytes)).unwrap();
        bytes
    }

    fn given(mut bytes: &[u8]) -> Result<Whole, Unfit> {
        let mut whole = compiled();
        whole.pass(&mut Archive::from(&mut bytes)).map(|()| whole)
    }

    #[test]
    fn what_is_taken_down_is_put_back_bit_by_bit() {
        let bytes = taken(&mut whole());
        // A name of 5; 8 + (1 + 1 + 16 + 8) + (1 + 1 + 8); 8 + 4 · 8
        assert_eq!(bytes.len(), 5 + 44 + 40);
        let mut back = given(&bytes).unwrap();
        assert_eq!(back, whole());
        assert!(back.items[0].last.is_some_and(|(_, zero)| zero.is_sign_negative()));
        assert_eq!(taken(&mut back), bytes);
    }

    #[test]
    fn not_a_number_keeps_its_bits() {
        let odd = f64::from_bits(0x7FF8_0000_0000_BEEF);
        let mut bytes = Vec::new();
        odd.clone().pass(&mut Archive::to(&mut bytes)).unwrap();
        let mut back = 0.0;
        back.pass(&mut Archive::from(&mut bytes.as_slice())).unwrap();
        assert_eq!(back.to_bits(), odd.to_bits());
    }

    #[test]
    fn every_shorter_text_and_every_longer_one_is_refused() {
        let mut bytes = taken(&mut whole());
        for end in 0..bytes.len() {
            let error = given(&bytes[..end]).unwrap_err();
            assert!(matches!(error, Unfit::Short(_)), "{end}: {error}");
        }
        bytes.push(0);
        assert!(matches!(given(&bytes), Err(Unfit::Long)));
    }

    #[test]
    fn a_length_that_is_not_there_allocates_nothing() {
        let mut bytes = taken(&mut whole());
        let at = bytes.len() - 40;
        bytes[at..at + 8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(matches!(given(&bytes), Err(Unfit::Short("items"))));
        bytes[5..13].copy_from_slice(&u64::MAX.to_le_bytes());
        let error = given(&bytes).unwrap_err();
        assert!(matches!(error, Unfit::Length { found: u64::MAX, expected: 2, .. }), "{error}");
    }

    #[test]
    fn any_byte_may_be_wrong_without_a_panic() {
        let bytes = taken(&mut whole());
        for at in 0..bytes.len() {
            for flip in [1, 0x80, 0xFF] {
                let mut wrong = bytes.clone();
                wrong[at] ^= flip;
                if let Ok(mut found) = given(&wrong) {
                    assert_eq!(taken(&mut found), wrong, "what is put back is what stood there");
                }
            }
        }
        let mut named = bytes.clone();
        named[0] = b'x';
        assert!(matches!(given(&named), Err(Unfit::Part("items"))));
    }
}
