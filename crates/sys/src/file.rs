//! Large files, written back continuously instead of at the end.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;

/// Writeback of earlier bytes is started each time this many bytes were written.
const STEP: u64 = 4 * 1024 * 1024;

/// A file that is written from its beginning. Writeback starts continuously instead of all at once at the fsync, which
/// would delay concurrent fsyncs of small files.
#[derive(Debug)]
pub struct Paced {
    file: File,
    paced: bool,
    written: u64,
    /// The offset up to which writeback was started.
    begun: u64,
}

impl Paced {
    /// Starts with an empty file. If not `paced`, the system decides when to write back.
    #[must_use]
    pub fn new(file: File, paced: bool) -> Self {
        Self { file, paced, written: 0, begun: 0 }
    }

    /// The file.
    #[must_use]
    pub fn get(&self) -> &File {
        &self.file
    }
}

impl Write for Paced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.written += count as u64;
        let behind = self.written - self.begun;
        if self.paced && behind >= STEP {
            // A hint: a disk error is reported by the fsync.
            // SAFETY: an open descriptor and numbers.
            unsafe {
                libc::sync_file_range(
                    self.file.as_raw_fd(),
                    self.begun.cast_signed(),
                    behind.cast_signed(),
                    libc::SYNC_FILE_RANGE_WRITE,
                );
            }
            self.begun = self.written;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Paced {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
