//! Looking a file over without loading it, and cutting off what is not whole: what `redis-check-aof` does, in its words.

use super::manifest::Manifest;
use super::read::{Item, ReadError, Reader};
use super::{FileInfo, RDB_SIGNATURE, begins_as_rdb};
use crate::rdb::file::{self, Key, Options, Sink};
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What is to be done beside looking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// What is not whole at the end of the last file is cut off, after a question.
    pub fix: bool,
    /// What was written after this unix time in seconds is cut off; 0 to cut off nothing.
    pub until_s: i64,
}

/// The words end here: something is wrong, and told already.
#[derive(Debug)]
pub struct Stopped;

impl From<io::Error> for Stopped {
    fn from(_: io::Error) -> Self {
        Self
    }
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Whole,
    Empty,
    CutOff,
    CutOffAtTime,
}

/// Looks a manifest with its files over, or a single file. `ask` is asked before anything is cut off.
///
/// # Errors
/// Something is wrong, or cannot be read; what it is was told.
pub fn check(path: &Path, task: Task, out: &mut dyn Write, ask: &mut dyn FnMut() -> bool) -> Result<(), Stopped> {
    let mut checker = Checker { task, out, ask };
    if checker.is_manifest(path)? { checker.several(path) } else { checker.single(path) }
}

struct Checker<'a> {
    task: Task,
    out: &'a mut dyn Write,
    ask: &'a mut dyn FnMut() -> bool,
}

impl Checker<'_> {
    fn say(&mut self, line: &str) {
        // Who does not listen misses it.
        let _ = writeln!(self.out, "{line}");
    }

    fn stop<T>(&mut self, line: &str) -> Result<T, Stopped> {
        self.say(line);
        Err(Stopped)
    }

    fn open(&mut self, path: &Path) -> Result<File, Stopped> {
        match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => Ok(file),
            Err(error) => {
                let why = error.to_string();
                let why = why.split(" (os error").next().unwrap_or_default();
                self.stop(&format!("Cannot open file {}: {why}, aborting...", path.display()))
            }
        }
    }

    /// Whether the first line that is no comment is a manifest's.
    fn is_manifest(&mut self, path: &Path) -> Result<bool, Stopped> {
        let mut lines = BufReader::new(self.open(path)?);
        let mut line = Vec::new();
        loop {
            line.clear();
            if (&mut lines).take(1024).read_until(b'\n', &mut line)? == 0 {
                return Ok(false);
            }
            if !line.starts_with(b"#") {
                return Ok(line.starts_with(b"file"));
            }
        }
    }

    fn is_rdb(&mut self, path: &Path) -> Result<bool, Stopped> {
        let mut magic = Vec::new();
        self.open(path)?.take(RDB_SIGNATURE as u64).read_to_end(&mut magic)?;
        Ok(begins_as_rdb(&magic))
    }

    fn several(&mut self, path: &Path) -> Result<(), Stopped> {
        self.say("Start checking Multi Part AOF");
        let bytes = std::fs::read(path)?;
        let manifest = match Manifest::parse(&bytes) {
            Ok(manifest) => manifest,
            Err(error) => {
                self.say("\n*** FATAL AOF MANIFEST FILE ERROR ***\n");
                if let Some((number, line)) = &error.line {
                    self.say(&format!("Reading the manifest file, at line {number}\n"));
                    self.say(&format!(">>> '{}'\n", String::from_utf8_lossy(line)));
                }
                return self.stop(error.words);
            }
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let count = manifest.files().count();
        for (number, info) in manifest.files().enumerate() {
            let begins = manifest.incremental.first() == Some(info);
            let place = (manifest.base.as_ref() == Some(info), number + 1 == count);
            self.one_of_several(folder, info, place, begins)?;
        }
        self.say("All AOF files and manifest are valid");
        Ok(())
    }

    fn one_of_several(
        &mut self,
        folder: &Path,
        info: &FileInfo,
        (is_base, last): (bool, bool),
        begins: bool,
    ) -> Result<(), Stopped> {
        let (name, path) =
            (String::from_utf8_lossy(&info.name).into_owned(), folder.join(OsStr::from_bytes(&info.name)));
        let rdb = is_base && self.is_rdb(&path)?;
        if is_base {
            self.say(&format!("Start to check BASE AOF ({} format).", if rdb { "RDB" } else { "RESP" }));
        } else if begins {
            self.say("Start to check INCR files.");
        }
        let verdict = self.file(&name, &path, last, rdb)?;
        self.tell(verdict, &name, if is_base { "BASE AOF" } else { "INCR AOF" });
        Ok(())
    }

    fn single(&mut self, path: &Path) -> Result<(), Stopped> {
        let (name, rdb) = (path.display().to_string(), self.is_rdb(path)?);
        self.say("Start checking Old-Style AOF");
        let verdict = self.file(&name, path, true, rdb)?;
        self.tell(verdict, &name, "AOF");
        Ok(())
    }

    fn tell(&mut self, verdict: Verdict, name: &str, kind: &str) {
        let line = match verdict {
            Verdict::Whole => format!("{kind} {name} is valid"),
            Verdict::Empty => format!("{kind} {name} is empty"),
            Verdict::CutOff => format!("Successfully truncated AOF {name}"),
            Verdict::CutOffAtTime => format!("Successfully truncated AOF {name} to timestamp {}", self.task.until_s),
        };
        self.say(&line);
    }

    fn file(&mut self, name: &str, path: &Path, last: bool, rdb: bool) -> Result<Verdict, Stopped> {
        let mut file = self.open(path)?;
        let size = file.metadata()?.len();
        if size == 0 {
            return Ok(Verdict::Empty);
        }
        let start = if rdb { self.preamble(&file)? } else { 0 };
        file.seek(SeekFrom::Start(start))?;
        let mut reader = Reader::new(BufReader::new(&file), start);
        let whole = match self.commands(&mut reader, path, last)? {
            Ok(whole) => whole,
            Err(at) => {
                file.set_len(at)?;
                return Ok(Verdict::CutOffAtTime);
            }
        };
        let lines = reader.lines();
        let rest = size.saturating_sub(whole);
        if rest == 0 && self.task.until_s != 0 {
            self.say(&format!("Truncate nothing in AOF {name} to timestamp {}", self.task.until_s));
            return Ok(Verdict::Whole);
        }
        self.say(&format!(
            "AOF analyzed: filename={name}, size={size}, ok_up_to={whole}, ok_up_to_line={lines}, diff={rest}"
        ));
        if rest == 0 {
            return Ok(Verdict::Whole);
        }
        if !self.task.fix {
            return self.stop(&format!("AOF {name} is not valid. Use the --fix option to try fixing it."));
        }
        if !last {
            return self.stop(&format!("Failed to truncate AOF {name} because it is not the last file"));
        }
        self.say(&format!("This will shrink the AOF {name} from {size} bytes, with {rest} bytes, to {whole} bytes"));
        let _ = write!(self.out, "Continue? [y/N]: ");
        let _ = self.out.flush();
        if !(self.ask)() {
            return self.stop("Aborting...");
        }
        if file.set_len(whole).is_err() {
            return self.stop(&format!("Failed to truncate AOF {name}"));
        }
        Ok(Verdict::CutOff)
    }

    /// Looks the RDB file over that a file begins with; gives where it ends.
    fn preamble(&mut self, file: &File) -> Result<u64, Stopped> {
        match file::load(file, &Options::to_check(), &Nowhere) {
            Ok(summary) => {
                self.say("RDB preamble is OK, proceeding with AOF tail...");
                Ok(summary.bytes)
            }
            Err(error) => {
                self.say(&error.to_string());
                self.stop("RDB preamble of AOF file is not sane, aborting.")
            }
        }
    }

    /// Looks commands over. Gives as far as they are whole, or where what came after the wanted time begins.
    fn commands(
        &mut self,
        reader: &mut Reader<BufReader<&File>>,
        path: &Path,
        last: bool,
    ) -> Result<Result<u64, u64>, Stopped> {
        let (mut whole, mut multi) = (reader.offset(), false);
        let name = path.display().to_string();
        loop {
            let begin = reader.offset();
            let outcome = match reader.next_item() {
                Ok(None) if multi => Err(format!("0x{begin:16x}: Reached EOF before reading EXEC for MULTI")),
                Ok(None) => return Ok(Ok(whole)),
                Ok(Some(Item::Annotation(line))) => {
                    let line = line.to_vec();
                    if self.is_later(&line, (begin, &name), last)? {
                        return Ok(Err(begin));
                    }
                    Ok(())
                }
                Ok(Some(Item::Command(args))) => {
                    let word = args.args()[0].to_ascii_lowercase();
                    match (word.as_slice(), multi) {
                        (b"multi", true) => Err(format!("0x{begin:16x}: Unexpected MULTI in AOF {name}")),
                        (b"exec", false) => Err(format!("0x{begin:16x}: Unexpected EXEC in AOF {name}")),
                        (b"multi", false) | (b"exec", true) => {
                            multi = !multi;
                            Ok(())
                        }
                        _ => Ok(()),
                    }
                }
                Err(ReadError::Io(_)) => return self.stop(&format!("Failed to read from AOF {name}, aborting...")),
                Err(ReadError::Truncated(what)) => Err(what.unwrap_or_default()),
                Err(ReadError::Alien) => Err(format!("AOF {name} format error")),
                Err(ReadError::Format(why)) => Err(why),
            };
            if let Err(line) = outcome {
                if !line.is_empty() {
                    self.say(&line);
                }
                return Ok(Ok(whole));
            }
            if !multi {
                whole = reader.offset();
            }
        }
    }

    /// Whether an annotation tells a time after the one that is wanted.
    fn is_later(&mut self, line: &[u8], (at, name): (u64, &str), last: bool) -> Result<bool, Stopped> {
        let until_s = self.task.until_s;
        let Some(second) = line.strip_prefix(b"#TS:").filter(|_| until_s != 0) else { return Ok(false) };
        let Some(second) = std::str::from_utf8(second).ok().and_then(|second| second.parse::<i64>().ok()) else {
            return self.stop("Invalid timestamp annotation");
        };
        if second <= until_s {
            return Ok(false);
        }
        if at == 0 {
            return self.stop(&format!("AOF {name} has nothing before timestamp {until_s}, aborting..."));
        }
        if !last {
            self.say(&format!(
                "Failed to truncate AOF {name} to timestamp {until_s} to offset {at} because it is not the last file."
            ));
            return self.stop(
                "If you insist, please delete all files after this file according to the manifest file and delete the \
                 corresponding records in manifest file manually. Then re-run redis-check-aof.",
            );
        }
        Ok(true)
    }
}

/// Keys that are looked at and forgotten.
struct Nowhere;

impl Sink for Nowhere {
    fn keys(&self, _: usize, keys: &mut Vec<Key<'_>>) -> Result<(), file::Error> {
        keys.clear();
        Ok(())
    }

    fn library(&self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }
}
