//! `redstart check rdb`: reads an RDB file to its end, decoding every value as fully as loading does, and reports its
//! contents and errors. It prints the lines of redis-check-rdb, and some more.

use crate::startup;
use redstart::persistence::rdb::file::{Checked, Error, HEADER, Key, Options, Problem, Sink, Summary, kind_name, load};
use redstart::persistence::rdb::{Repair, is_known};
use redstart_sys::clock::unix_ms;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub(super) const HELP: &str = "\
Usage: redstart check rdb FILE
       redis-check-rdb FILE                (where the program, or a link to it, has that name)

Reads an RDB file to its end and says what is in it. Where it is damaged: what is wrong, at which
byte, in which key; the exit code is 1 then, else 0. No server is needed, and nothing is changed.

Example:
       redstart check rdb /var/lib/redis/dump.rdb
";

/// Runs the check with these arguments; returns the exit code.
pub(super) fn run(_: &str, arguments: &[OsString]) -> ExitCode {
    match arguments {
        [one] if one == "-v" || one == "--version" => println!("{}", startup::version("redstart check")),
        [one] if one == "-h" || one == "--help" => print!("{HELP}"),
        [file] => return if check(Path::new(file)) { ExitCode::SUCCESS } else { ExitCode::FAILURE },
        _ => {
            eprint!("{HELP}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Checks a file; returns whether it is valid.
fn check(path: &Path) -> bool {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => {
            println!("Cannot open file {}: {error}", path.display());
            return false;
        }
    };
    println!("[offset 0] Checking RDB file {}", path.display());
    let total = file.metadata().map_or(0, |metadata| metadata.len());
    let survey = Survey { total, now_ms: unix_ms(), said: Cell::new(Instant::now()), counts: RefCell::default() };
    let outcome = load(file, &Options::to_check(), &survey);
    match &outcome {
        Ok(summary) => survey.well(summary),
        Err(error) => Survey::bad(error),
    }
    survey.counts.borrow().show();
    outcome.is_ok()
}

/// The counts of one type.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    keys: u64,
    bytes: u64,
}

#[derive(Debug, Default)]
struct Counts {
    keys: u64,
    expires: u64,
    expired: u64,
    parts: u64,
    empty: u64,
    libraries: u64,
    types: BTreeMap<u8, Count>,
    databases: BTreeMap<u64, u64>,
}

impl Counts {
    fn show(&self) {
        println!("[info] {} keys read", self.keys);
        println!("[info] {} expires", self.expires);
        println!("[info] {} already expired", self.expired);
        println!("[info] {} subexpires", self.parts);
        for (label, count) in [("libraries of functions", self.libraries), ("empty keys", self.empty)] {
            if count > 0 {
                println!("[info] {count} {label}");
            }
        }
        for (database, keys) in &self.databases {
            println!("[info] database {database}: {keys} keys");
        }
        for (kind, Count { keys, bytes }) in &self.types {
            println!("[info] type {kind} ({}): {keys} keys, {bytes} bytes", kind_name(*kind));
        }
    }
}

/// The interval between progress lines.
const SAY_EVERY: Duration = Duration::from_secs(5);

/// Counts the contents of a file.
struct Survey {
    total: u64,
    now_ms: i64,
    said: Cell<Instant>,
    counts: RefCell<Counts>,
}

impl Survey {
    fn well(&self, summary: &Summary) {
        let at = summary.bytes;
        match summary.checksum {
            Checked::Right => println!("[offset {at}] Checksum OK"),
            Checked::None => println!("[offset {at}] RDB file was saved with checksum disabled: no check performed."),
            Checked::Older | Checked::Unwanted => {}
        }
        if at < self.total {
            println!("[offset {at}] {} more bytes stand behind the RDB data", self.total - at);
        }
        if is_known(summary.version) {
            println!("[offset {at}] \\o/ RDB looks OK! \\o/");
        } else {
            let version = summary.version;
            println!("[offset {HEADER}] Future RDB version {version} detected");
            println!("[offset {at}] \\o/ RDB looks OK, but loading requires config 'rdb-version-check relaxed'");
        }
    }

    fn bad(error: &Error) {
        println!("--- RDB ERROR DETECTED ---");
        let words = match &error.problem {
            Problem::Signature => "Wrong signature trying to load DB from file".to_owned(),
            Problem::Version(version) => format!("Can't handle RDB format version {version}"),
            Problem::Truncated => "Unexpected EOF reading RDB file".to_owned(),
            Problem::Opcode(byte) => format!("Invalid object type: {byte}"),
            Problem::Checksum { .. } => format!("RDB CRC error: {}", error.problem),
            other => other.to_string(),
        };
        println!("[offset {}] {words}", error.offset);
        if let Some((database, key)) = &error.key {
            println!("[additional info] Reading key '{}' of database {database}", key.escape_ascii());
        }
    }
}

impl Sink for Survey {
    fn keys(&self, _: usize, keys: &mut Vec<Key<'_>>) -> Result<(), Error> {
        let mut counts = self.counts.borrow_mut();
        for key in keys.drain(..) {
            counts.keys += 1;
            counts.expires += u64::from(key.expire_ms.is_some());
            counts.expired += u64::from(key.expire_ms.is_some_and(|at_ms| at_ms < self.now_ms));
            counts.parts += u64::from(key.parts_ms.is_some());
            *counts.databases.entry(key.database).or_default() += 1;
            let count = counts.types.entry(key.kind).or_default();
            count.keys += 1;
            count.bytes += key.bytes;
        }
        Ok(())
    }

    fn aux(&self, offset: u64, name: &[u8], value: &[u8]) {
        println!("[offset {offset}] AUX FIELD {} = '{}'", name.escape_ascii(), value.escape_ascii());
    }

    fn database(&self, offset: u64, number: u64) {
        println!("[offset {offset}] Selecting DB ID {number}");
    }

    fn library(&self, _: &[u8]) -> Result<(), String> {
        self.counts.borrow_mut().libraries += 1;
        Ok(())
    }

    fn module_aux(&self, module: &str) {
        println!("[info] MODULE AUX for: {module}");
    }

    fn repaired(&self, name: &[u8], repair: Repair) {
        println!("[info] Key '{}': {repair}", name.escape_ascii());
    }

    fn empty(&self, _: &[u8]) {
        self.counts.borrow_mut().empty += 1;
    }

    fn progress(&self, bytes: u64) -> bool {
        if self.said.get().elapsed() >= SAY_EVERY {
            self.said.set(Instant::now());
            println!("[offset {bytes}] {:.0}% checked", bytes as f64 * 100.0 / self.total.max(1) as f64);
        }
        true
    }
}
