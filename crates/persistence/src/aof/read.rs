//! Reading what changed, command by command, from bytes that may end anywhere.

use redstart_resp::OwnedArgs;
use std::io::{self, BufRead, Read};

/// A line is never longer than this, its end counted.
const LONGEST_LINE: u64 = 1024;
/// What is allocated for an argument at once; more comes as it is read.
const AT_ONCE: usize = 1024 * 1024;

/// What stands in a file.
#[derive(Debug)]
pub enum Item<'a> {
    /// A command.
    Command(&'a OwnedArgs),
    /// A line that begins with `#`, without its end.
    Annotation(&'a [u8]),
}

/// Why there is no more.
#[derive(Debug)]
pub enum ReadError {
    /// The system refuses.
    Io(io::Error),
    /// The file ends within a command; what is missing, where that is known.
    Truncated(Option<String>),
    /// Something else stands there.
    Format(String),
    /// What stands there begins no item.
    Alien,
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads commands one after the other.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    /// Bytes read.
    offset: u64,
    /// Where the line or argument begins that is read.
    piece_at: u64,
    /// Line ends that were read, and one.
    lines: u64,
    line: Vec<u8>,
    argument: Vec<u8>,
    args: OwnedArgs,
}

impl<R: BufRead> Reader<R> {
    /// A reader of what `input` has from here on, which is at `offset` in its file.
    pub fn new(input: R, offset: u64) -> Self {
        Self {
            input,
            offset,
            piece_at: offset,
            lines: 1,
            line: Vec::new(),
            argument: Vec::new(),
            args: OwnedArgs::default(),
        }
    }

    /// Where the reader stands in the file: behind the last item, if that came whole.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The number of the line that comes.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// The next item; `None` at the end.
    ///
    /// # Errors
    /// What comes is no item, or not a whole one.
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, ReadError> {
        if !self.read_line()? {
            return Ok(None);
        }
        if self.line.starts_with(b"#") {
            return Ok(Some(Item::Annotation(self.line.trim_ascii_end())));
        }
        if !self.line.starts_with(b"*") {
            return Err(ReadError::Alien);
        }
        let count = self.number(b'*')?;
        if count < 1 {
            return Err(self.wrong(&format!("a command of {count} arguments")));
        }
        self.args.clear(AT_ONCE);
        for _ in 0..count {
            if !self.read_line()? {
                return Err(ReadError::Truncated(None));
            }
            let length = usize::try_from(self.number(b'$')?).map_err(|_| self.wrong("a negative length"))?;
            self.read_argument(length)?;
            if !self.args.try_push(&self.argument) {
                return Err(self.wrong("a command of more than 4 GiB"));
            }
        }
        Ok(Some(Item::Command(&self.args)))
    }

    /// Something else stands there than what should.
    fn wrong(&self, words: &str) -> ReadError {
        ReadError::Format(format!("0x{:16x}: {words}", self.piece_at))
    }

    /// Reads a line; false at the end of the file.
    fn read_line(&mut self) -> Result<bool, ReadError> {
        self.line.clear();
        self.piece_at = self.offset;
        let read = (&mut self.input).take(LONGEST_LINE).read_until(b'\n', &mut self.line)?;
        self.offset += read as u64;
        self.lines += u64::from(self.line.ends_with(b"\n"));
        Ok(read > 0)
    }

    /// The number on the line behind its mark.
    fn number(&self, mark: u8) -> Result<i64, ReadError> {
        let (expected, line) = (char::from(mark), String::from_utf8_lossy(&self.line));
        if self.line.first() != Some(&mark) {
            let got = line.chars().next().unwrap_or_default();
            return Err(self.wrong(&format!("Expected prefix '{expected}', got: '{got}'")));
        }
        if !self.line.ends_with(b"\n") {
            return Err(if self.line.len() as u64 == LONGEST_LINE {
                self.wrong("a line that does not end")
            } else {
                ReadError::Truncated(None)
            });
        }
        let digits = line[1..].trim_end();
        digits.parse().map_err(|_| self.wrong(&format!("Expected a number, got: '{}'", clipped(digits))))
    }

    /// Reads so many bytes and a line end.
    fn read_argument(&mut self, length: usize) -> Result<(), ReadError> {
        self.argument.clear();
        self.argument.shrink_to(AT_ONCE);
        self.piece_at = self.offset;
        let wanted = length as u64 + 2;
        let read = (&mut self.input).take(wanted).read_to_end(&mut self.argument)? as u64;
        self.offset += read;
        if read < wanted {
            let at = self.piece_at;
            let text = format!("0x{at:16x}: Expected to read {wanted} bytes, got {read} bytes");
            return Err(ReadError::Truncated(Some(text)));
        }
        self.lines += 1;
        let end = [self.argument[length], self.argument[length + 1]];
        self.argument.truncate(length);
        if &end == b"\r\n" {
            return Ok(());
        }
        Err(self.wrong(&format!("Expected \\r\\n, got: {:02x}{:02x}", end[0], end[1])))
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> (Vec<String>, u64, Option<ReadError>) {
        let (mut reader, mut seen) = (Reader::new(bytes, 0), Vec::new());
        let mut good = 0;
        loop {
            let shown = match reader.next_item() {
                Ok(Some(Item::Command(args))) => {
                    let words = args.args();
                    let words = words.iter_from(0).map(|word| String::from_utf8_lossy(word).into_owned());
                    words.collect::<Vec<_>>().join(" ")
                }
                Ok(Some(Item::Annotation(line))) => String::from_utf8_lossy(line).into_owned(),
                Ok(None) => return (seen, good, None),
                Err(error) => return (seen, good, Some(error)),
            };
            seen.push(shown);
            good = reader.offset();
        }
    }

    #[test]
    fn commands_and_annotations_are_read() {
        let bytes = b"#TS:17\r\n*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n";
        let (seen, good, error) = all(bytes);
        assert_eq!(seen, ["#TS:17", "DEL k", "SET k "]);
        assert_eq!(good, bytes.len() as u64);
        assert!(error.is_none());
    }

    #[test]
    fn an_end_anywhere_is_told_from_what_is_wrong() {
        let bytes = b"*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n";
        for end in 1..bytes.len() {
            let (seen, good, error) = all(&bytes[..end]);
            assert!(matches!(error, Some(ReadError::Truncated(_))) && seen.is_empty() && good == 0, "{end}: {error:?}");
        }
        for wrong in ["*0\r\n", "*x\r\n", "+1\r\n", "*1\r\n:1\r\n", "*1\r\n$-1\r\n", "*1\r\n$1\r\nabc", "*-1\r\n"] {
            let (_, _, error) = all(wrong.as_bytes());
            assert!(matches!(error, Some(ReadError::Format(_) | ReadError::Alien)), "{wrong}: {error:?}");
        }
        let (_, _, error) = all(b"*1\r\n$9223372036854775807\r\nabc");
        assert!(matches!(error, Some(ReadError::Truncated(_))), "what is claimed is not allocated");
    }
}
