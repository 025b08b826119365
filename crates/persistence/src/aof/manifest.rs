//! The manifest: which files make up the append-only file, one line each.
//!
//! `file <name> seq <number> type b|i|h [startoffset <position>] [endoffset <position>]`, words as in a configuration
//! file; other words with a value are skipped, lines that begin with `#` are comments. Files of the history (`h`) are
//! no more needed, and go when there is time.

use redstart_resp::inline::{quoted, split};

/// A line may be as long as this, its end counted.
const LONGEST_LINE: usize = 1024;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileType {
    /// All data at one moment.
    Base,
    /// What changed since.
    Incremental,
    /// Neither any more.
    History,
}

impl FileType {
    fn letter(self) -> char {
        match self {
            Self::Base => 'b',
            Self::Incremental => 'i',
            Self::History => 'h',
        }
    }
}

/// A file that the manifest names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// Its name within the folder.
    pub name: Vec<u8>,
    /// Its number among those of its type, from 1 on.
    pub number: i64,
    /// What it is for.
    pub file_type: FileType,
    /// Where in the history of changes it begins, and where it ends, if that is known.
    pub start_offset: Option<i64>,
    /// See [`FileInfo::start_offset`].
    pub end_offset: Option<i64>,
}

/// The files that make up an append-only file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The base, if there is one.
    pub base: Option<FileInfo>,
    /// Files of the history.
    pub history: Vec<FileInfo>,
    /// What changed since the base, in order.
    pub incremental: Vec<FileInfo>,
    /// The number of the last base.
    base_number: i64,
    /// The number of the last file of changes.
    incremental_number: i64,
}

/// What is wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The number of the line, from 1 on, and the line, where it is about one.
    pub line: Option<(usize, Vec<u8>)>,
    /// In Redis's words.
    pub words: &'static str,
}

impl std::fmt::Display for ManifestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.words)
    }
}

impl std::error::Error for ManifestError {}

const FORMAT: &str = "Invalid AOF manifest file format";

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let mut manifest = Self::default();
        if bytes.is_empty() {
            return Err(ManifestError { line: None, words: "Found an empty AOF manifest" });
        }
        for (index, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
            if line.starts_with(b"#") {
                continue;
            }
            let trimmed = line.trim_ascii();
            let wrong = |words| ManifestError { line: Some((index + 1, trimmed.to_vec())), words };
            if line.len() > LONGEST_LINE || !line.ends_with(b"\n") {
                return Err(ManifestError { line: None, words: "The AOF manifest file contains too long line" });
            }
            let info = parse_line(trimmed).map_err(wrong)?;
            manifest.add(info).map_err(wrong)?;
        }
        manifest.pass_history();
        Ok(manifest)
    }

    /// Has new files take numbers behind those of the history: a file of the history is removed by its name.
    fn pass_history(&mut self) {
        for info in &self.history {
            let is_incremental = info.name.ends_with(b".incr.aof");
            let last = if is_incremental { &mut self.incremental_number } else { &mut self.base_number };
            *last = info.number.max(*last);
        }
    }

    fn add(&mut self, info: Line) -> Result<(), &'static str> {
        match info.letter {
            b'b' if self.base.is_some() => return Err("Found duplicate base file information"),
            b'b' => {
                self.base_number = info.number;
                self.base = Some(info.file(FileType::Base));
            }
            b'h' => self.history.push(info.file(FileType::History)),
            b'i' if info.number <= self.incremental_number => return Err("Found a non-monotonic sequence number"),
            b'i' => {
                self.incremental_number = info.number;
                self.incremental.push(info.file(FileType::Incremental));
            }
            _ => return Err("Unknown AOF file type"),
        }
        Ok(())
    }

    /// The manifest as it is written.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for info in self.base.iter().chain(&self.history).chain(&self.incremental) {
            bytes.extend_from_slice(b"file ");
            let plain = info.name.iter().all(|&byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'\''));
            match plain && !info.name.is_empty() {
                true => bytes.extend_from_slice(&info.name),
                false => bytes.extend(quoted(&info.name)),
            }
            let mut rest = format!(" seq {} type {}", info.number, info.file_type.letter());
            if let Some(start) = info.start_offset {
                rest.push_str(&format!(" startoffset {start}"));
                if let Some(end) = info.end_offset {
                    rest.push_str(&format!(" endoffset {end}"));
                }
            }
            rest.push('\n');
            bytes.extend_from_slice(rest.as_bytes());
        }
        bytes
    }

    /// Whether there is nothing to load.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.base.is_none() && self.incremental.is_empty()
    }

    /// The files to be loaded, in order.
    pub fn files(&self) -> impl Iterator<Item = &FileInfo> {
        self.base.iter().chain(&self.incremental)
    }

    /// A base that was written by an older version, which had one file alone.
    pub fn adopt(&mut self, name: &[u8]) {
        let file_type = FileType::Base;
        self.base = Some(FileInfo { name: name.to_vec(), number: 1, file_type, start_offset: None, end_offset: None });
        self.base_number = 1;
    }

    /// Names a new base in the place of the one there is, which goes into the history.
    pub fn new_base(&mut self, file_name: &str, rdb: bool) -> FileInfo {
        if let Some(mut old) = self.base.take() {
            old.file_type = FileType::History;
            self.history.insert(0, old);
        }
        self.base_number += 1;
        let (number, kind) = (self.base_number, if rdb { "rdb" } else { "aof" });
        let name = format!("{file_name}.{number}.base.{kind}").into_bytes();
        let info = FileInfo { name, number, file_type: FileType::Base, start_offset: None, end_offset: None };
        self.base = Some(info.clone());
        info
    }

    /// Names a new file of changes behind those there are.
    pub fn new_incremental(&mut self, file_name: &str, start_offset: i64) -> FileInfo {
        self.incremental_number += 1;
        let number = self.incremental_number;
        let info = FileInfo {
            name: format!("{file_name}.{number}.incr.aof").into_bytes(),
            number,
            file_type: FileType::Incremental,
            start_offset: Some(start_offset),
            end_offset: None,
        };
        self.incremental.push(info.clone());
        info
    }

    /// Moves the files of changes into the history but for the last `keep`: a new base has what they hold.
    pub fn retire(&mut self, keep: usize) {
        let retired = self.incremental.len().saturating_sub(keep);
        for mut info in self.incremental.drain(..retired).rev() {
            info.file_type = FileType::History;
            self.history.insert(0, info);
        }
    }
}

/// One line, read.
struct Line {
    name: Vec<u8>,
    number: i64,
    letter: u8,
    start_offset: Option<i64>,
    end_offset: Option<i64>,
}

impl Line {
    fn file(self, file_type: FileType) -> FileInfo {
        let Self { name, number, start_offset, end_offset, .. } = self;
        FileInfo { name, number, file_type, start_offset, end_offset }
    }
}

fn parse_line(line: &[u8]) -> Result<Line, &'static str> {
    let words = split(line).filter(|words| words.len() >= 6 && words.len().is_multiple_of(2)).ok_or(FORMAT)?;
    let mut info = Line { name: Vec::new(), number: 0, letter: 0, start_offset: None, end_offset: None };
    for pair in words.chunks(2) {
        let [key, value] = pair else { continue };
        let number = || leading_number(value);
        match key.to_ascii_lowercase().as_slice() {
            b"file" if value.contains(&b'/') || matches!(value.as_slice(), b"." | b"..") => {
                return Err("File can't be a path, just a filename");
            }
            b"file" => info.name.clone_from(value),
            b"seq" => info.number = number(),
            b"type" => info.letter = value.first().copied().unwrap_or(0),
            b"startoffset" => info.start_offset = Some(number()).filter(|&at| at >= 0),
            b"endoffset" => info.end_offset = Some(number()).filter(|&at| at >= 0),
            _ => {}
        }
    }
    // An end says nothing without a beginning.
    info.end_offset = info.end_offset.filter(|_| info.start_offset.is_some());
    if info.name.is_empty() || info.number == 0 || info.letter == 0 { Err(FORMAT) } else { Ok(info) }
}

/// The number that a text begins with, as C's `atoll` reads it.
fn leading_number(text: &[u8]) -> i64 {
    let text = text.trim_ascii_start();
    let (negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    let number = digits.fold(0_i64, |number, digit| number.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    if negative { -number } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> &'static str {
        Manifest::parse(text.as_bytes()).unwrap_err().words
    }

    #[test]
    fn manifests_that_are_wrong_are_refused_in_redis_words() {
        assert_eq!(words(""), "Found an empty AOF manifest");
        assert_eq!(words("\n"), FORMAT);
        assert_eq!(words("file a seq 1 type b"), "The AOF manifest file contains too long line");
        assert_eq!(words("file a seq 1 type b\nfile b seq 1 type b\n"), "Found duplicate base file information");
        assert_eq!(words("file a seq 2 type i\nfile b seq 2 type i\n"), "Found a non-monotonic sequence number");
        assert_eq!(words("file a seq 1 type x\n"), "Unknown AOF file type");
        assert_eq!(words("file a/b seq 1 type b\n"), "File can't be a path, just a filename");
        assert_eq!(words("file a seq 1\n"), FORMAT);
        assert_eq!(words("file a seq 1 type b rest\n"), FORMAT);
        assert_eq!(words("file a seq x type b\n"), FORMAT);
        let error = Manifest::parse(b"file a seq 1 type b\n  file b type \n").unwrap_err();
        assert_eq!(error.line, Some((2, b"file b type".to_vec())));
    }

    #[test]
    fn a_manifest_is_written_as_it_is_read() {
        let text = "file \"a b\" seq 2 type b\nfile x.1.incr.aof seq 1 type h\nfile x.2.incr.aof seq 2 type i startoffset \
                    10 endoffset 20\n";
        let manifest = Manifest::parse(format!("# a comment\n{text}").as_bytes()).unwrap();
        assert_eq!(String::from_utf8(manifest.to_bytes()).unwrap(), text);
    }

    #[test]
    fn new_files_never_have_a_name_of_the_history() {
        let text = "file a.3.base.rdb seq 3 type b\nfile a.2.incr.aof seq 2 type h\nfile a.7.base.rdb seq 7 type h\n";
        let mut manifest = Manifest::parse(text.as_bytes()).unwrap();
        assert_eq!(manifest.new_incremental("a", 0).number, 3);
        assert_eq!(manifest.new_base("a", true).number, 8);
        let text = "file a.9.base.rdb seq 9 type h\nfile a.4.incr.aof seq 4 type i\n";
        assert!(Manifest::parse(text.as_bytes()).is_ok(), "bases and changes are numbered apart");
    }

    #[test]
    fn a_rewrite_renews_all_files() {
        let mut manifest = Manifest::default();
        manifest.new_base("a", true);
        manifest.new_incremental("a", 0);
        manifest.new_incremental("a", 100);
        manifest.new_base("a", false);
        manifest.retire(1);
        let expected = "file a.2.base.aof seq 2 type b\nfile a.1.incr.aof seq 1 type h startoffset 0\nfile a.1.base.rdb \
                        seq 1 type h\nfile a.2.incr.aof seq 2 type i startoffset 100\n";
        assert_eq!(String::from_utf8(manifest.to_bytes()).unwrap(), expected);
    }
}
