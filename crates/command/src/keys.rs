//! The keys among the arguments of a command, as its key specs say.

use crate::spec::{Access, Begin, Command, Find, KeySpec};
use redstart_encoding::int::parse_i64;
use redstart_keyspace::Keyspace;
use redstart_resp::Args;
use smallvec::SmallVec;

/// A key's place among the arguments, and what happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyAt {
    /// The argument's index.
    pub index: usize,
    /// What happens to the key.
    pub access: Access,
}

/// The arguments do not fit the key specs: a number of keys that is none, or more than there are arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadKeys;

/// Calls `found` with each key of `args`.
///
/// # Errors
/// The arguments do not fit. Keys of specs before the misfit were reported.
pub fn find(command: &Command, args: &Args<'_>, mut found: impl FnMut(KeyAt)) -> Result<(), BadKeys> {
    for spec in command.keys {
        if let Some(first) = begin(command, spec, args) {
            group(command, spec, first, args, &mut found)?;
        }
    }
    Ok(())
}

/// The hashes of all keys of a command. Arguments that do not fit its key specs give none: the handler will refuse them.
pub fn hashes(keyspace: &Keyspace, command: &Command, args: &Args<'_>) -> SmallVec<[u64; 16]> {
    let mut hashes = SmallVec::new();
    let _ = find(command, args, |key| hashes.push(keyspace.hash(&args[key.index])));
    hashes
}

fn begin(command: &Command, spec: &KeySpec, args: &Args<'_>) -> Option<usize> {
    match spec.begin {
        Begin::Index(index) => Some(index),
        Begin::Unknown if spec.access.writes() => command.locate.and_then(|locate| locate(args)),
        Begin::Unknown => None,
        Begin::Keyword { keyword, from } => {
            let is_it = |index: &usize| args[*index].eq_ignore_ascii_case(keyword.as_bytes());
            if let Some(locate) = command.locate {
                // Where a command has several such words, each spec has the keys behind its own.
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
    command: &Command,
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
