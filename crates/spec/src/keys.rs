//! The positions of a command's keys among its arguments.

use crate::CommandSpec;
use crate::flags::bit_set;
use redstart_encoding::int::parse_i64;
use redstart_resp::Args;

bit_set! {
    /// How a command accesses a key.
    Access: u16 {
        /// Reads the value and may write it.
        RW = 0, "RW";
        /// Only reads.
        RO = 1, "RO";
        /// Overwrites without reading.
        OW = 2, "OW";
        /// Deletes the key.
        RM = 3, "RM";
        /// Returns or copies the user's data.
        ACCESS = 4, "access";
        /// Changes the value.
        UPDATE = 5, "update";
        /// Adds to the value.
        INSERT = 6, "insert";
        /// Deletes from the value, or deletes the key.
        DELETE = 7, "delete";
        /// Not a key, although it is in the position of one.
        NOT_KEY = 8, "not_key";
        /// The spec may miss keys.
        INCOMPLETE = 9, "incomplete";
        /// The access depends on the arguments.
        VARIABLE_FLAGS = 10, "variable_flags";
    }
}

impl Access {
    /// Whether the key may be changed.
    #[must_use]
    pub const fn writes(self) -> bool {
        self.has(Self::RW) || self.has(Self::OW) || self.has(Self::RM)
    }
}

/// The positions of a group of keys, and how they are accessed.
#[derive(Clone, Copy, Debug)]
pub struct KeySpec {
    /// How the keys are accessed.
    pub access: Access,
    /// Where the group begins.
    pub begin: Begin,
    /// How the keys follow from there.
    pub find: Find,
    /// A note.
    pub notes: Option<&'static str>,
}

/// Where a group of keys begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// At this argument.
    Index(usize),
    /// After this word, searched from `from` on (negative: backwards from the end).
    Keyword {
        /// The word.
        keyword: &'static str,
        /// Where the search starts.
        from: i64,
    },
    /// Not determined by the arguments. [`CommandSpec::locate`] finds the keys that the arguments contain.
    Unknown,
}

/// How the keys of a group follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Find {
    /// From the beginning to `last` (relative; negative: from the end), with this step.
    Range {
        /// The last key, relative to the first; negative counts from the end.
        last: i64,
        /// The distance between keys.
        step: usize,
        /// With a `last` of -1: stop after 1/limit of the arguments.
        limit: usize,
    },
    /// As many keys as an argument says.
    KeyNum {
        /// The position of the number, relative to the beginning.
        number_at: usize,
        /// The position of the first key, relative to the beginning.
        first: usize,
        /// The distance between keys.
        step: usize,
    },
    /// Not determined.
    Unknown,
}

impl KeySpec {
    /// One key at argument `index`.
    #[must_use]
    pub const fn at(index: usize, access: Access) -> Self {
        Self::range(index, 0, 1, access)
    }

    /// Keys from `index` to the last argument, with this step.
    #[must_use]
    pub const fn from(index: usize, step: usize, access: Access) -> Self {
        Self::range(index, -1, step, access)
    }

    /// Keys from `index` to `last`.
    #[must_use]
    pub const fn range(index: usize, last: i64, step: usize, access: Access) -> Self {
        Self { access, begin: Begin::Index(index), find: Find::Range { last, step, limit: 0 }, notes: None }
    }

    /// As many keys as argument `index` says, directly after it, with this step.
    #[must_use]
    pub const fn counted(index: usize, step: usize, access: Access) -> Self {
        Self { access, begin: Begin::Index(index), find: Find::KeyNum { number_at: 0, first: 1, step }, notes: None }
    }

    /// Keys whose positions follow no rule.
    #[must_use]
    pub const fn unknown(access: Access) -> Self {
        Self { access, begin: Begin::Unknown, find: Find::Unknown, notes: None }
    }

    /// Adds a note.
    #[must_use]
    pub const fn note(mut self, notes: &'static str) -> Self {
        self.notes = Some(notes);
        self
    }
}

/// A key's position among the arguments, and how it is accessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyAt {
    /// The argument's index.
    pub index: usize,
    /// How the key is accessed.
    pub access: Access,
}

/// The arguments do not match the key specs: the number of keys is invalid, or exceeds the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadKeys;

/// Calls `found` with each key of `args`.
///
/// # Errors
/// The arguments do not match. The keys of earlier specs were reported.
pub fn find(command: &CommandSpec, args: &Args<'_>, mut found: impl FnMut(KeyAt)) -> Result<(), BadKeys> {
    for spec in command.keys {
        if let Some(first) = begin(command, spec, args) {
            group(command, spec, first, args, &mut found)?;
        }
    }
    Ok(())
}

fn begin(command: &CommandSpec, spec: &KeySpec, args: &Args<'_>) -> Option<usize> {
    match spec.begin {
        Begin::Index(index) => Some(index),
        Begin::Unknown if spec.access.writes() => command.locate.and_then(|locate| locate(args)),
        Begin::Unknown => None,
        Begin::Keyword { keyword, from } => {
            let is_it = |index: &usize| args[*index].eq_ignore_ascii_case(keyword.as_bytes());
            if let Some(locate) = command.locate {
                // If a command has several such words, each spec takes the keys after its own.
                return locate(args).filter(|first| is_it(&(first - 1)));
            }
            let at = if from >= 0 {
                (from as usize..args.len()).find(is_it)
            } else {
                let last = args.len().checked_sub(from.unsigned_abs() as usize)?;
                (1..=last).rev().find(is_it)
            };
            at.map(|index| index + 1)
        }
    }
}

fn group(
    command: &CommandSpec,
    spec: &KeySpec,
    first: usize,
    args: &Args<'_>,
    found: &mut impl FnMut(KeyAt),
) -> Result<(), BadKeys> {
    let (first, last, step) = match spec.find {
        Find::Unknown => (first, first, 1),
        Find::Range { last, step, limit } => {
            let end = if last >= 0 {
                first + last as usize
            } else if limit > 1 {
                first + (args.len() - first.min(args.len())) / limit - 1
            } else {
                args.len().checked_sub(last.unsigned_abs() as usize).ok_or(BadKeys)?
            };
            (first, end, step)
        }
        Find::KeyNum { number_at, first: offset, step } => {
            let number = args.get(first + number_at).and_then(parse_i64).ok_or(BadKeys)?;
            let number = usize::try_from(number).ok().filter(|&number| number > 0 && number <= args.len());
            let number = number.ok_or(BadKeys)?;
            (first + offset, first + offset + (number - 1) * step, step)
        }
    };
    if first >= args.len() || last >= args.len() || last < first {
        return Err(BadKeys);
    }
    let access = match command.access {
        Some(actual) if spec.access.has(Access::VARIABLE_FLAGS) => actual(args),
        _ => spec.access,
    };
    for index in (first..=last).step_by(step) {
        found(KeyAt { index, access });
    }
    Ok(())
}
