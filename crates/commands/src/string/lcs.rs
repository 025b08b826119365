//! LCS: the longest common subsequence of two strings, by the textbook's table of lengths.

use super::{length_limit, with_bytes};
use crate::parse::{int, is};
use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};

/// LCS.
pub(super) const LCS: Command = Command {
    name: "lcs",
    handler: lcs,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::range(1, 1, 1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::STRING,
    docs: Docs {
        summary: "Finds the longest sequence of bytes that two strings have in common, in order though not in a row.",
        since: "7.0.0",
        group: Group::String,
        complexity: "O(N*M) where N and M are the lengths of the two strings",
        args: &[
            Arg::key("key1"),
            Arg::key("key2"),
            Arg::flag("len", "LEN").optional(),
            Arg::flag("idx", "IDX").optional(),
            Arg::int("min-match-len").token("MINMATCHLEN").optional(),
            Arg::flag("withmatchlen", "WITHMATCHLEN").optional(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn lcs(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (first, second) = (string_at(context, &args[1]), string_at(context, &args[2]));
    let (Some(first), Some(second)) = (first, second) else {
        return Err(Error::text("ERR The specified keys must contain string values"));
    };
    let options = Options::parse(args)?;
    if options.len && options.idx {
        return Err(Error::text("ERR If you want both the length and indexes, please just use IDX."));
    }
    let table = Table::new(&first, &second, length_limit(context))?;
    if options.idx {
        table.write_matches(&options, reply);
    } else if options.len {
        reply.count(table.length());
    } else {
        reply.bulk(&table.sequence());
    }
    Ok(())
}

/// The string at a key, empty where there is none; `None` where the key holds something else.
fn string_at(context: &mut Context<'_>, name: &[u8]) -> Option<Vec<u8>> {
    let key = context.key(name);
    match context.find(key) {
        Some(found) => with_bytes(&found.value(), <[u8]>::to_vec).ok(),
        None => Some(Vec::new()),
    }
}

#[derive(Default)]
struct Options {
    len: bool,
    idx: bool,
    with_match_len: bool,
    min_match_len: i64,
}

impl Options {
    fn parse(args: &Args<'_>) -> Result<Self, Error> {
        let mut options = Self::default();
        let mut at = 3;
        while at < args.len() {
            let word = &args[at];
            if is(word, "idx") {
                options.idx = true;
            } else if is(word, "len") {
                options.len = true;
            } else if is(word, "withmatchlen") {
                options.with_match_len = true;
            } else if is(word, "minmatchlen") && at + 1 < args.len() {
                options.min_match_len = int(&args[at + 1])?;
                at += 1;
            } else {
                return Err(Error::Syntax);
            }
            at += 1;
        }
        Ok(options)
    }
}

/// `lengths[i * width + j]` is the length for the first `i` bytes of `first` and the first `j` of `second`.
struct Table<'a> {
    first: &'a [u8],
    second: &'a [u8],
    lengths: Vec<u32>,
}

/// Bytes in a row that both strings have: where they begin in each, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    first: usize,
    second: usize,
    len: usize,
}

impl<'a> Table<'a> {
    fn new(first: &'a [u8], second: &'a [u8], memory_limit: u64) -> Result<Self, Error> {
        if first.len().max(second.len()) >= u32::MAX as usize - 1 {
            return Err(Error::text("ERR String too long for LCS"));
        }
        let (rows, width) = (first.len() + 1, second.len() + 1);
        let cells = rows as u128 * width as u128;
        if cells * 4 > u128::from(memory_limit) {
            let text = "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len";
            return Err(Error::text(text));
        }
        let mut lengths = Vec::new();
        if lengths.try_reserve_exact(cells as usize).is_err() {
            return Err(Error::text("ERR Insufficient memory, failed allocating transient memory for LCS"));
        }
        lengths.resize(cells as usize, 0);
        let mut table = Self { first, second, lengths };
        table.fill();
        Ok(table)
    }

    fn fill(&mut self) {
        let width = self.second.len() + 1;
        for (row, &byte) in self.first.iter().enumerate() {
            let (above, below) = self.lengths[row * width..(row + 2) * width].split_at_mut(width);
            for (column, &other) in self.second.iter().enumerate() {
                below[column + 1] =
                    if byte == other { above[column] + 1 } else { above[column + 1].max(below[column]) };
            }
        }
    }

    fn at(&self, i: usize, j: usize) -> u32 {
        self.lengths[i * (self.second.len() + 1) + j]
    }

    fn length(&self) -> usize {
        self.at(self.first.len(), self.second.len()) as usize
    }

    /// The runs of common bytes, last first.
    fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let (mut i, mut j) = (self.first.len(), self.second.len());
        while i > 0 && j > 0 {
            if self.first[i - 1] == self.second[j - 1] {
                (i, j) = (i - 1, j - 1);
                match runs.last_mut() {
                    Some(run) if run.first == i + 1 && run.second == j + 1 => {
                        *run = Run { first: i, second: j, len: run.len + 1 };
                    }
                    _ => runs.push(Run { first: i, second: j, len: 1 }),
                }
            } else if self.at(i - 1, j) > self.at(i, j - 1) {
                i -= 1;
            } else {
                j -= 1;
            }
        }
        runs
    }

    fn sequence(&self) -> Vec<u8> {
        self.runs().iter().rev().flat_map(|run| &self.first[run.first..run.first + run.len]).copied().collect()
    }

    fn write_matches(&self, options: &Options, reply: &mut Reply<'_>) {
        let mut runs = self.runs();
        runs.retain(|run| run.len as i64 >= options.min_match_len);
        reply.map(2);
        reply.bulk(b"matches");
        reply.array(runs.len());
        for run in runs {
            reply.array(2 + usize::from(options.with_match_len));
            for start in [run.first, run.second] {
                reply.array(2);
                reply.count(start);
                reply.count(start + run.len - 1);
            }
            if options.with_match_len {
                reply.count(run.len);
            }
        }
        reply.bulk(b"len");
        reply.count(self.length());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_from_the_end() {
        let table = Table::new(b"ohmytext", b"mynewtext", 1 << 20).unwrap();
        assert_eq!(table.length(), 6);
        assert_eq!(table.sequence(), b"mytext");
        assert_eq!(table.runs(), [Run { first: 4, second: 5, len: 4 }, Run { first: 2, second: 0, len: 2 }]);
    }

    #[test]
    fn nothing_in_common_and_nothing_at_all() {
        for (first, second) in [("abc", "xyz"), ("", "abc"), ("", "")] {
            let table = Table::new(first.as_bytes(), second.as_bytes(), 1 << 20).unwrap();
            assert_eq!((table.length(), table.runs()), (0, Vec::new()));
        }
    }

    #[test]
    fn the_table_is_bounded() {
        let text = vec![b'a'; 1000];
        assert!(Table::new(&text, &text, 1001 * 1001 * 4).is_ok());
        assert!(Table::new(&text, &text, 1001 * 1001 * 4 - 1).is_err());
    }
}
